# Every text that a person reads. An argument is always put in as it is; <b>, <i> and <code> are markup.
# A language is one file beside this one, with the same keys.

never = never

## The menu: each command in one line

menu-start = follow the source pack and begin
menu-help = all commands, or one in full
menu-watch = set a keyword filter
menu-try = what a filter would have told, or why a story was told
menu-unwatch = remove a keyword filter
menu-filters = your keyword filters
menu-sub = follow a feed, by its address, its site's, or its name
menu-unsub = stop following a feed
menu-list = the feeds you follow, and how they are
menu-import = follow the feeds of a list (OPML): a document, or at an address
menu-export = the feeds you follow, as a list (OPML)
menu-latest = the newest stories that match
menu-mode = how a filter tells: at once, without a sound, in a digest
menu-digest = when your digest comes
menu-quiet = hours in which nothing comes
menu-timezone = the time zone of your clocks
menu-mute = discard what has a word, or is of an outlet
menu-unmute = what is muted, and to end it
menu-settings = how this chat is told, as a menu
menu-pause = hold alerts, for a while or until /resume
menu-resume = let held alerts go
menu-status = what was polled, matched and sent
menu-stop = leave, and erase what is stored of this chat
menu-claim = become this bot's first operator

## What a command takes, where a platform has a form for it: each in one line

option-help-command = one to read in full
option-watch-keywords = such as: military instructors, EUMAM
option-try-keywords = keywords, or the link of a story
option-unwatch-filter = its number, or its keywords
option-filters-page = a page of the list
option-sub-feed = its address, its site's, or an outlet's name
option-sub-stories = all: every story of it is pushed, whatever your filters say
option-unsub-feed = its number, or its address
option-list-page = a page of the list
option-import-document = the list, as a file (OPML)
option-import-address = where the list is, if it is no file
option-latest-count = how many: 5, or as many as you say, up to 20
option-mode-filter = its number; all of them: all
option-mode-how = at once, at once without a sound, or once a day
option-digest-time = such as 08:00; never: off
option-quiet-hours = such as 22:00-07:00; none: off
option-timezone-zone = such as Europe/Kyiv, or a large city
option-mute-what = a word, or an outlet by its site or its name
option-pause-duration = for how long: 30m, 24h, 7d, or: until 18:00; until /resume if nothing is said
option-mute-duration = for how long: 30m, 24h, 7d, 2w (or: 2 weeks); for good if nothing is said
option-unmute-what = its number or its word; a list of all if nothing is said
option-stop-confirm = yes: erase everything, without being asked
option-claim-code = the code that stands in the bot's log

## Help in full

help-title = <b>Tocsin</b> alerts this chat to the stories that your keywords match, once each.
help-line = <b>{ $usage }</b> – { $does }
help-footer = More on one of them: <code>/help watch</code>. On Telegram and at the prompt, a feed's URL alone follows it.
help-usage = <b>{ $usage }</b>
help-aliases = Also: { $aliases }
help-example = Example: <code>{ $example }</code>
help-start = Begins: this chat follows the source pack, and gets ready-made filters to choose from. It also ends a pause.
help-help = Shows all commands, or one with its aliases and an example.
help-watch =
    Sets a keyword filter over all feeds that this chat follows: from now on, each event that matches brings one alert. It is tried on the stored stories first.
    <code>instructor</code> finds every form of the word, whatever its case and accents
    <code>military instructors</code> finds the words side by side, each in any form
    <code>EUMAM, NATO</code> finds either; so do OR and |
    <code>Macron AND instructors</code> finds both, anywhere in the story; <code>EUMAM -sport</code> the first without the second
    <code>Macron NEAR/8 instructors</code> finds both within 8 words
    <code>instruct*</code> finds any word that begins so; <code>="Le Monde"</code> exactly these characters
    <code>title:EUMAM</code>, <code>source:lemonde.fr</code>, <code>source:"Le Monde"</code>, <code>lang:fr</code>, <code>author:Smith</code> look only there; brackets group
    Operators are in CAPITALS. A word in CAPITALS is an acronym: WHO is not “who”, and US is U.S. too. F-16 finds F-16s and F16, <code>F-16*</code> F-16C too.
help-try = Shows what a filter would have told in the last 30 days, without saving it. With a story's link, or in reply to an alert, it says why each of your filters matched that story or did not.
help-unwatch = Removes a filter, by its number in /filters or by its keywords.
help-filters = Lists your filters, each with its number and the alerts that it brought in 7 and in 30 days; 25 on a page.
help-sub = Follows a feed: RSS, Atom or JSON Feed. Its own address will do, its site's, or the name of an outlet that we know: <code>/sub Ukrinform</code>. With <code>all</code> at the end, every story of it is pushed, whatever your filters say.
help-unsub = Stops following a feed, by its number in /list or by its URL.
help-list = Lists the feeds that this chat follows, and says of each when it last answered, or why it does not, what it brings and how often it is asked; 25 on a page.
help-import = Follows all feeds of a list (OPML), with its folders. Send the document with <code>/import</code> as its caption, or reply to it with <code>/import</code>, or say where it is. At a local prompt, a file's path will do. Nothing of what the feeds hold now is pushed.
help-export = Gives the feeds that this chat follows as a list (OPML), folders included, which every feed reader can read. At a local prompt, say the file: <code>/export feeds.opml</code>
help-latest = Shows the newest stories that your filters match: 5, or as many as you say, up to 20.
help-mode = Says how a filter of /filters tells (or <code>all</code> of them): <code>instant</code>, at once; <code>silent</code>, at once but without a sound; <code>digest</code>, once a day. An alert that several filters ask for comes as the most urgent of them wants.
help-digest = Sets when the digest comes: what filters in digest mode matched since the last one. <code>/digest off</code>: never, it comes at once.
help-quiet = Sets hours in which nothing comes, by your clocks. What matches meanwhile is held, and comes when they end. <code>/quiet off</code> ends it.
help-timezone = Sets the time zone of quiet hours, digests and all times that are shown, by its name or a large city's.
help-mute = Discards what has a word in any form, or is of an outlet that you name by its site or name (in quotes, a name is words): for good, or for <code>30m</code>, <code>24h</code>, <code>7d</code> or <code>2w</code> (<code>2 weeks</code> and <code>for a week</code> will do). It is counted, and not delivered later.
help-unmute = Lists what is muted, with how much that discarded; with a number or a word, ends it.
help-settings = Shows how and when this chat is told, with buttons to change it.
help-pause = Holds all alerts of this chat until /resume. With <code>24h</code>, <code>3 days</code> or <code>until 18:00</code> behind it, the pause ends by itself. Nothing is lost: what was held is delivered then.
help-resume = Ends a pause, and delivers what was held.
help-status = Says for this chat what was polled, matched, sent, held and failed.
help-stop = Leaves: erases this chat's feeds, filters and alerts. Asks once before it does (<code>/stop yes</code>: it does not), and offers to pause, or to export the feeds first.
help-claim = While this bot has no operator, its log shows a code. Who sends it becomes the first operator.

## Commands

start-hello = <b>Tocsin</b> tells you of a story once, as soon as a feed that you follow reports it.
start-pack = { $count ->
    [one] You now follow <b>one feed</b>, the pack { $pack }. /list shows it.
   *[other] You now follow <b>{ $count } feeds</b>, the pack { $pack }. /list shows them.
}
start-follows = { $count ->
    [one] You follow <b>one feed</b>. /list shows it.
   *[other] You follow <b>{ $count } feeds</b>. /list shows them.
}
start-no-feeds = You follow no feed yet. Send a feed's URL: <code>/sub https://…</code>
start-no-filter = Nothing is pushed until you set a filter: <code>/watch military instructors, EUMAM</code>, or choose one:
start-filters = { $count ->
    [one] Your one filter is at work. /filters shows it.
   *[other] Your { $count } filters are at work. /filters shows them.
}
button-preset = Watch: { $name }

watch-done = Filter <b>#{ $number }</b> is set: <b>{ $query }</b>.
watch-already = This chat has that filter already: <b>#{ $number }</b>, { $query }.
query-read = It looks for: { $reading }
hint-operator = “{ $word }” is read as a word. If it is to join or exclude, write it in capitals: <code>/{ $command } { $example }</code>
hint-source = Of what is behind <code>source:</code> only “{ $word }” is the outlet, the rest is looked for in the text. If the name is longer, put it in quotes: <code>/{ $command } { $example }</code>
tried-no-feeds = But this chat follows no feed yet, so nothing can match: send a feed's URL, <code>/sub https://…</code>, or /start to follow the source pack.
tried-found = { $count ->
    [one] In the stored stories of the last { $days ->
        [one] day
       *[other] { $days } days
    }, it would have told you of one event (about { $week } a week):
   *[other] In the stored stories of the last { $days ->
        [one] day
       *[other] { $days } days
    }, it would have told you of { $count } events (about { $week } a week):
}
tried-uneven = Not every feed's stories reach that far back: how many it is a week is reckoned from what the feeds bring.
tried-flood = ⚠ That is about { $day } alerts a day. A second word makes it narrower: <code>/try instructors AND Ukraine</code>
tried-none = ⚠ Of the stories stored over the last { $days } days, none matches. Is it spelled as outlets write it?
tried-none-yet = { $days ->
    [0] No story of the last 30 days is stored yet that it could be tried on.
    [one] None of the stories stored so far (one day) matches. The next one that does is pushed.
   *[other] None of the stories stored so far ({ $days } days) matches. The next one that does is pushed.
}
tried-partial = This one takes long to try: of the stored stories only the newest were looked through, those of the last { $days ->
    [0] { $hours ->
        [0] minutes
        [one] hour
       *[other] { $hours } hours
    }
    [one] day
   *[other] { $days } days
}. Older ones may match as well.
tried-none-partial = None of the stories that were looked through matches.
tried-found-partial = { $count ->
    [one] Among them, it would have told you of one event (about { $week } a week):
   *[other] Among them, it would have told you of { $count } events (about { $week } a week):
}
tried-supply = { $feeds ->
    [one] One feed is watched, which brings { $stories ->
        [0] hardly a story these days
        [one] about one story a day
       *[other] about { $stories } stories a day
    }.
   *[other] { $feeds } feeds are watched, which bring { $stories ->
        [0] hardly a story these days
        [one] about one story a day
       *[other] about { $stories } stories a day
    }.
}
button-instead = Watch: { $query } ({ $count })
button-watch = Watch: { $query }
try-done = Tried, not saved: <b>{ $query }</b>
try-empty = Say what to try: <code>/try military instructors</code> – or send a story's link, or reply to an alert with /try, to read why each filter matched it or not.
try-no-story = No stored story has the link { $url }. To try words: <code>/try military instructors</code>
try-no-alert = That message is no alert that is still stored. Send the story's link: <code>/try https://…</code>
try-not-followed = This chat does not follow the feed of this story, so nothing of it is pushed here.
try-matched = ✓ <b>{ $name }</b> matches
try-matched-words = ✓ <b>{ $name }</b> matches: “{ $words }”, in { $places }
try-unmatched = ✗ <b>{ $name }</b> does not match: { $why }
try-why-absent = no form of “{ $part }” is in it
try-why-apart = the words of “{ $part }” are in it, but not side by side
try-why-small = “{ $part }” is in it, but not as an acronym in capitals
try-why-far = in “{ $part }”, the two are too far apart
try-why-unlike = “{ $part }” is in it, but not to the character
try-why-present = “{ $part }” is in it, which was excluded
try-why-title = “{ $part }” is in it, but not in the title
try-why-source = it is not from “{ $part }”
try-why-author = it is not by “{ $part }”
try-why-language = it is not in “{ $part }”
try-sent = alerted { $when }
try-due = its alert waits to be delivered
try-held = its alert is held, for quiet hours, a digest or its next try
try-muted = discarded { $when }, for it is muted here
try-claimed = its alert is being delivered
try-told-other = for another story of its event
try-told-earlier = for an earlier version of it
try-told-gone = for what is no longer kept of it
try-shortened = Its full text is no longer kept, so what stood in it is not found here.
try-silent = not pushed: it was no news when it turned up (its feed's first poll, or an old date)
try-before = not pushed: it was first seen { $when }, before the filter was set or the feed followed
watch-again = Filter <b>#{ $number }</b> is back as it was: <b>{ $query }</b>.
watch-no-number = There is no filter #{ $number } that was removed and could be brought back: /filters lists what there is, <code>/watch EUMAM</code> sets a new one.
unwatch-done = Filter <b>#{ $number }</b> is removed: { $query }.
unwatch-empty = Say which filter: <code>/unwatch 2</code>, the number that /filters shows.
unwatch-unknown = There is no filter “{ $given }” here: /filters shows them with their numbers, then <code>/unwatch 2</code>.
button-watch-again = Undo
filters-empty = There is no filter yet, so nothing is pushed. Set one: <code>/watch military instructors, EUMAM</code>
filters-title = { $count ->
    [one] <b>Your filter</b>, with its alerts in 7 and in 30 days:
   *[other] <b>Your { $count } filters</b>, each with its alerts in 7 and in 30 days:
}
filters-line = <b>#{ $number }</b> { $query } – { $week } / { $month }{ $mode }
filters-mode = {""}, { $mode }
latest-title = <b>The newest stories that match</b>
latest-empty = No stored story matches your filters yet.
latest-number = “{ $given }” is no number from 1 to { $most }: <code>/latest 5</code>

sub-done = You now follow <b>{ $title }</b>.
sub-already = This chat follows <b>{ $title }</b> already.
sub-entries = { $count ->
    [0] it holds no stories just now
    [one] one story
   *[other] { $count } stories
}
sub-rate = about { $rate } a day
sub-newest = newest { $when }
sub-silent = ⚠ Its newest story is of { $when }: it may not be kept up any more.
sub-everything = Every new story of it is pushed from now on.
sub-filtered = New stories that match your filters are pushed from now on.
sub-no-filter = Nothing is pushed until you set a filter: <code>/watch military instructors, EUMAM</code>
sub-empty = Say which feed: <code>/sub https://www.ukrinform.net/rss/block-lastnews</code>
sub-no-url = “{ $word }” is neither a feed's URL nor the name of an outlet that we know. A feed: <code>/sub https://www.ukrinform.net/rss/block-lastnews</code> – keywords: <code>/watch { $word }</code>
sub-terms = ⚠ The terms of { $outlet } ask for permission to pass its headlines on: this bot's operator should have it.
sub-several = Several feeds that we know of could be “{ $name }”:
sub-listing = • { $outlet } ({ $language })
sub-or-watch = To be told of the word instead: <code>/watch { $name }</code>
import-empty = Send the list (OPML) as a document with <code>/import</code> as its caption, reply to it with <code>/import</code>, or say where it is: <code>/import https://example.org/feeds.opml</code>
import-not-a-list = That is no list of feeds (OPML): { $why }.
import-no-feeds = That list holds no feed.
import-too-large = That document is larger than a list may be ({ $limit } MB).
import-unread = That document could not be fetched. Send it once more.
import-progress = { $done } of { $count } feeds …
import-done = { $count ->
    [0] No feed is new here.
    [one] You now follow <b>one feed</b> more.
   *[other] You now follow <b>{ $count } feeds</b> more. /list shows how they are, once they were asked.
}
import-known = { $count ->
    [one] One was followed already.
   *[other] { $count } were followed already.
}
import-part = ⚠ The list breaks off, or holds more than is taken: what could be read of it is followed.
import-failed = { $count ->
    [one] ⚠ One is not followed:
   *[other] ⚠ { $count } are not followed:
}
import-unusable = • { $name }: { $url } is no address of the web
import-empty-folders = { $count ->
    [one] One folder is not kept, for it holds no feed: { $names }
   *[other] { $count } folders are not kept, for they hold no feed: { $names }
}
import-limit-feeds = This chat may follow { $limit } feeds at most; these are beyond that:
import-limit-total-feeds = This bot follows as many feeds as it may ({ $limit }); these are beyond that:
import-beyond = • { $name }
import-failed-more = { $count ->
    [one] … and one more
   *[other] … and { $count } more
}
file-unreadable = { $path } cannot be read: { $why }
file-exists = { $path } is there already, and is not replaced. Say another name: <code>/export feeds-2.opml</code>
file-unwritable = { $path } cannot be written: { $why }
export-done = { $count ->
    [one] The feed that this chat follows.
   *[other] The { $count } feeds that this chat follows.
}
export-saved = { $count ->
    [one] One feed is written to { $path }.
   *[other] { $count } feeds are written to { $path }.
}
unsub-empty = Say which feed: <code>/unsub 3</code>, the number that /list shows.
unsub-unknown = { $count ->
    [0] There is no feed “{ $given }” here: this chat follows none.
    [one] There is no feed “{ $given }” here. The only one that this chat follows goes with <code>/unsub 1</code>
   *[other] There is no feed “{ $given }” here. /list shows the { $count } that there are with their numbers, <code>/unsub 1</code> to <code>/unsub { $count }</code>
}
unsub-done = You no longer follow <b>{ $title }</b>.
list-empty = This chat follows no feed yet. Send a feed's URL, <code>/sub https://…</code>, or /start to follow the source pack.
list-title = { $count ->
    [one] <b>You follow one feed</b>
   *[other] <b>You follow { $count } feeds</b>
}
list-line = { $number }. { $title } – { $health }
health-new = not asked yet
health-well = answered { $when }
health-everything = every story is pushed
health-failing = { $count ->
    [one] ⚠ has failed once: { $why }
   *[other] ⚠ has failed { $count } times: { $why }
}
health-amiss = ⚠ { $why }
health-address = its address is not on the public internet
health-dns = its host's name is not found
health-connect = its server cannot be reached
health-tls = its certificate is not valid
health-tls-expired = its certificate has run out
health-timeout = its server takes too long
health-status = its server answers { $status }
health-status-401 = its server wants a password (401)
health-status-403 = its server refuses us (403)
health-status-404 = nothing is at its address any more (404)
health-status-410 = it is gone for good, its server says (410)
health-status-429 = its server says that we ask too often (429), so we ask less often
health-redirects = it redirects in circles
health-too-large = it is too large
health-corrupt = its answer is damaged
health-cut-off = its document breaks off in the middle
health-not-a-feed-empty = its answer is empty
health-not-a-feed-html = a web page stands in its place
health-not-a-feed-consent = a page that asks for consent stands in its place
health-not-a-feed-challenge = a check for robots stands in its place
health-not-a-feed-login = a page that asks for a password stands in its place
health-not-a-feed-xml = its XML is of another kind
health-not-a-feed-opml = it is a list of feeds
health-not-a-feed-json = its JSON is no JSON Feed
health-not-a-feed-unknown = its answer is no feed
health-empty = it answers, but holds no stories any more
health-frozen = it answers, but has brought nothing new since { $when }, which is not like it
health-ended = so it is not asked any more; to try again: <code>/sub</code> and its address
health-rhythm = { $stories ->
    [0] hardly a story these days
    [one] about one story a day
   *[other] about { $stories } stories a day
}, asked every { $every }
health-asked = asked every { $every }
health-window = ⚠ its document covers only { $window } of news, less than the time between two requests: stories may be missed
span-seconds = { $count } s
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count } days
health-unexpected = it could not be read; the log says why

fetch-address = { $url } is no address on the public internet. A feed: <code>/sub https://www.ukrinform.net/rss/block-lastnews</code>
fetch-dns = The host of { $url } is not found. Is it spelled right?
fetch-connect = The server of { $url } cannot be reached just now. Try again later.
fetch-tls = The certificate of { $url } is not valid, so it is not read.
fetch-timeout = The server of { $url } takes too long. Try again later.
fetch-status = { $url } answers with the status { $status }, not with a feed. Is the address right?
fetch-status-401 = { $url } wants a password (401). If you have one, put it in the address: <code>https://name:password@…</code>
fetch-status-403 = The server of { $url } refuses us (403): it may not want robots.
fetch-status-404 = Nothing is at { $url } (404). Is the address right?
fetch-status-410 = { $url } is gone for good, its server says (410).
fetch-status-429 = The server of { $url } says that we ask too often (429). Try again later.
fetch-held = { $minutes ->
    [one] The server of { $url } wants to be left alone for a minute. Try again then.
   *[other] The server of { $url } wants to be left alone for { $minutes } minutes. Try again then.
}
fetch-redirects = { $url } redirects too often, or not to a web address.
fetch-too-large = { $url } is larger than a feed may be (10 MB).
fetch-corrupt = What { $url } sends is damaged. Try again later.
not-a-feed-empty = { $url } is empty: no feed.
not-a-feed-html = { $url } is a web page, no feed. Look on it for a link named RSS or Atom, and send that.
not-a-feed-consent = { $url } shows a page that asks for consent, which a robot cannot give. Is there another address?
not-a-feed-challenge = { $url } shows a check for robots, which a robot does not pass. Is there another address?
not-a-feed-login = { $url } shows a page that asks for a password. Is there another address?
not-a-feed-xml = { $url } is XML, but neither RSS nor Atom.
not-a-feed-opml = { $url } is a list of feeds (OPML), not a feed. Send the address of one of them.
page-advertises = { $count ->
    [one] { $url } is a web page. It has this feed:
   *[other] { $url } is a web page. It has these feeds:
}
page-feed = • { $title }
button-follow = Follow { $title }
not-a-feed-json = { $url } is JSON, but no JSON Feed.
not-a-feed-unknown = { $url } is no feed: neither RSS nor Atom nor JSON Feed.

none = none
mode-empty = Say which filter, and how it tells: <code>/mode 2 silent</code> – instant, silent or digest.
mode-unknown = There is no filter “{ $given }” here: /filters shows them with their numbers, then <code>/mode 2 silent</code>.
mode-filter = Filter <b>#{ $number }</b> ({ $query })
mode-filters = All { $count } filters
mode-done-instant = { $filters }: what matches comes at once.
mode-done-silent = { $filters }: what matches comes at once, without a sound.
mode-done-digest = { $filters }: what matches comes once a day, at { $time }.
mode-digest-when = You had no time for a digest, so it is { $time } now ({ $zone }). Another: <code>/digest 18:00</code>
digest-empty = Say when your digest is to come (now: { $time }): <code>/digest 08:00</code> – or <code>/digest off</code>
digest-unknown = “{ $given }” is no time of day: <code>/digest 08:00</code>
digest-done = { $count ->
    [0] The digest comes at <b>{ $time }</b> ({ $zone }), but no filter is in digest mode yet: <code>/mode all digest</code>
    [one] The digest comes at <b>{ $time }</b> ({ $zone }); one filter tells in it.
   *[other] The digest comes at <b>{ $time }</b> ({ $zone }); { $count } filters tell in it.
}
digest-done-unasked = The digest comes at <b>{ $time }</b> ({ $zone }), but there is no filter yet: <code>/watch military instructors, EUMAM</code> – then <code>/mode all digest</code>
digest-off = { $count ->
    [0] No digest comes any more.
    [one] No digest comes any more; the filter that was in it tells at once.
   *[other] No digest comes any more; the { $count } filters that were in it tell at once.
}
quiet-empty = Say in which hours nothing is to come (now: { $hours }): <code>/quiet 22:00-07:00</code> – or <code>/quiet off</code>
quiet-unknown = “{ $given }” are no hours: <code>/quiet 22:00-07:00</code>
quiet-done = Quiet from now on at <b>{ $hours }</b> ({ $zone }). What matches then is held, and comes when they end. Your clocks are others? <code>/timezone Europe/Kyiv</code>
quiet-off = No quiet hours any more: what matches comes at once.
timezone-empty = Say where your clocks are (now: { $zone }, { $now }): <code>/timezone Europe/Kyiv</code>
timezone-unknown = There is no time zone “{ $given }”. Name one, or a large city in it: <code>/timezone Europe/Kyiv</code>
timezone-done = Your time zone is <b>{ $zone }</b>: it is { $now } there.
button-off = { $what } off
button-quiet = Quiet { $hours }
button-digest = Digest { $time }
button-pause-now = Pause
button-mode-instant = All instant
button-mode-silent = All silent
button-mode-digest = All in the digest
button-mutes = What is muted
settings-title = <b>How this chat is told</b>
settings-on = Alerts: on
settings-paused = Alerts: paused, /resume
settings-paused-until = Alerts: paused until { $when }, /resume
settings-zone = Time zone: { $zone } ({ $now })
settings-quiet = Quiet hours: { $hours }
settings-digest = Digest: { $time }
settings-mode-instant = Filters that tell at once: { $count }
settings-mode-silent = Filters that tell without a sound: { $count }
settings-mode-digest = Filters that tell in the digest: { $count }
settings-mutes = Muted: { $count }
settings-more = To change it: <code>/quiet 22:00-07:00</code> <code>/digest 08:00</code> <code>/mode 2 silent</code> <code>/timezone Europe/Kyiv</code>

mute-empty = Say what to mute: <code>/mute sport 24h</code> – or <code>/mute lemonde.fr</code>; /unmute lists what is muted.
mute-span-alone = Say what to mute for so long: <code>/mute sport 24h</code>. To get nothing at all: <code>/pause { $given }</code> – or in some hours of each day: <code>/quiet 22:00-07:00</code>. To mute the words themselves: <code>/mute "{ $given }"</code>
mute-span = “{ $given }” is no span of time: <code>/mute { $what } 24h</code> – minutes (m), hours (h), days (d) or weeks (w), up to 9999. To mute the words themselves: <code>/mute "{ $words }"</code>
span-unknown = “{ $given }” is no span of time: say <code>30m</code>, <code>24h</code>, <code>7d</code> or <code>2w</code> – up to 9999 of each – or nothing: for good.
mute-no-event = That event is no longer stored, so nothing more of it will come. To mute a word: <code>/mute sport 24h</code>
mute-which = “{ $what }” may be words, or the name of an outlet that you follow. Which is to be muted?
button-mute-words = The words: { $what }
button-mute-named = The outlet: { $what }
mute-done = Muted: <b>{ $what }</b>. What matches is discarded, until <code>/unmute { $number }</code>
mute-until = Muted until { $when }: <b>{ $what }</b>. What matches is discarded.
mute-event = Muted: nothing more of this event comes (<b>{ $name }</b>). That ends by itself, once nothing more is to come of it.
mutes-empty = Nothing is muted. <code>/mute sport 24h</code> mutes a word, <code>/mute lemonde.fr</code> an outlet.
mutes-title = <b>Muted here</b>; <code>/unmute 1</code> ends one:
mutes-line = <b>{ $number }</b> { $what } – { $count } discarded
mutes-line-until = <b>{ $number }</b> { $what }, until { $when } – { $count } discarded
unmute-unknown = “{ $given }” is not muted here: /unmute lists what is, then <code>/unmute 1</code>.
unmute-done = { $count ->
    [0] No longer muted: <b>{ $what }</b>. Nothing was discarded for it.
    [one] No longer muted: <b>{ $what }</b>. One alert was discarded for it.
   *[other] No longer muted: <b>{ $what }</b>. { $count } alerts were discarded for it.
}
button-undo = Undo
button-mute-again = Mute again
limit-mutes = This chat may have { $limit } mutes at most. Remove one first: <code>/unmute 1</code>

pause-done = Paused. What matches is held, nothing is lost: /resume delivers it.
pause-until = Paused until { $when }. What matches is held, nothing is lost: it is delivered then, or by /resume.
pause-unknown = “{ $given }” is no time: <code>/pause 24h</code>, <code>/pause 3 days</code> or <code>/pause until 18:00</code>. Without one, /pause lasts until /resume.
pause-already = This chat is paused already. /resume ends it.
button-resume = Resume
resume-done = { $held ->
    [0] Resumed. Nothing was held.
    [one] Resumed. One held alert comes now.
   *[other] Resumed. { $held } held alerts come now.
}
resume-on = Resumed.
resume-later = { $count ->
    [one] One held alert comes later, after your quiet hours or in your digest: /status
   *[other] { $count } held alerts come later, after your quiet hours or in your digest: /status
}
resume-already = This chat is not paused.

status-on = <b>At work.</b>
status-paused = <b>Paused.</b> What matches is held; /resume delivers it.
status-paused-until = <b>Paused until { $when }.</b> What matches is held and delivered then; /resume delivers it now.
status-gone-rights = ⚠ <b>Nothing can be sent here:</b> I may not write. Let me, by a role's rights or as an administrator. Then what waits comes by itself.
status-gone-hidden = ⚠ <b>Nothing can be sent here:</b> I cannot see this channel. Let me see it, and write in it. Then what waits comes by itself.
status-gone-closed = ⚠ <b>Nothing can be sent here:</b> this thread is closed. Open it again. Then what waits comes by itself.
status-gone-tag = ⚠ <b>Nothing can be sent here:</b> each post must have a tag, and no tag has a filter's keywords as its name. Add one that has, or let posts go without. Then what waits comes by itself.
status-gone-direct = ⚠ <b>Nothing could be sent here:</b> your direct messages were closed to me. Allow them to members of a server that we share. What waits is tried again now.
status-gone-back = ⚠ <b>Nothing could be sent here</b> ({ $why }). What waits is tried again now.
status-gone-since = It has been so since { $when }.
status-empty = Nothing is stored of this chat yet. /start begins.
status-feeds = Feeds: { $count } followed, { $failing } of them in trouble; last asked: { $when }.
status-failing = ⚠ { $title }: { $why }
status-failing-more = { $count ->
    [one] ⚠ and one more: /list
   *[other] ⚠ and { $count } more: /list
}
status-stories = Last 7 days: { $count ->
    [one] one story
   *[other] { $count } stories
}, { $matches } matched your { $filters ->
    [one] filter
   *[other] { $filters } filters
}.
status-since = This chat is served since { $when }.
status-held-quiet = { $count ->
    [one] { $waiting ->
        [one] It is held for your quiet hours, until { $when }.
       *[other] One of them is held for your quiet hours, until { $when }.
    }
   *[other] { $count } of them are held for your quiet hours, until { $when }.
}
status-held-digest = { $count ->
    [one] { $waiting ->
        [one] It is held for your digest, until { $when }.
       *[other] One of them is held for your digest, until { $when }.
    }
   *[other] { $count } of them are held for your digest, until { $when }.
}
status-held-retry = { $count ->
    [one] { $waiting ->
        [one] It is tried again at { $when }.
       *[other] One of them is tried again at { $when }.
    }
   *[other] { $count } of them are tried again, the first at { $when }.
}
status-muted = { $count ->
    [one] One alert was discarded, for it is muted: /unmute
   *[other] { $count } alerts were discarded, for they are muted: /unmute
}
status-muted-once = { $count ->
    [one] One alert was discarded while it was muted.
   *[other] { $count } alerts were discarded while they were muted.
}
status-refused = ⚠ failed: { $why } ({ $count })
status-alerts = Alerts: { $sent } sent (last: { $when }), { $due } waiting, { $failed } failed.
status-platform = ⚠ { $platform }: { $state }.
status-no-filter = Nothing is pushed until you set a filter: <code>/watch military instructors, EUMAM</code>

stop-ask = { $due ->
    [0] This erases everything stored of this chat: feeds ({ $feeds }), filters ({ $filters }), and what was sent. To confirm: <code>/stop yes</code>
    [one] This erases everything stored of this chat: feeds ({ $feeds }), filters ({ $filters }), what was sent, and <b>one alert that still waits</b>, which would not come. To confirm: <code>/stop yes</code>
   *[other] This erases everything stored of this chat: feeds ({ $feeds }), filters ({ $filters }), what was sent, and <b>{ $due } alerts that still wait</b>, which would not come. To confirm: <code>/stop yes</code>
}
stop-done = { $due ->
    [0] Erased: feeds ({ $feeds }), filters ({ $filters }), and the record of alerts ({ $alerts }).
   *[other] Erased: feeds ({ $feeds }), filters ({ $filters }), the record of alerts ({ $alerts }), and alerts that waited ({ $due }).
}
stop-anew = /start begins anew.
stop-anew-operator = An operator of this bot may begin anew here: /start
stop-nothing = Nothing is stored of this chat.
button-stop = Erase everything
button-pause = Only pause
button-export = Export the feeds first

claim-done = You are this bot's operator now. /start begins; groups that you add me to are served.
claim-taken = This bot has its operator already.
claim-wrong = That is not the code. It stands in the bot's log: <code>/claim 1A2B3C4D</code>
claim-empty = Send the code that stands in the bot's log: <code>/claim 1A2B3C4D</code>
claim-in-private = Send this to me in a private chat: <code>/claim 1A2B3C4D</code>

## Alerts

alert-why = ▸ <b>{ $query }</b>, in { $places }
alert-why-words = ▸ <b>{ $query }</b>: “{ $words }”, in { $places }
alert-why-beside = ▸ <b>{ $query }</b>
alert-why-gone = ▸ <b>{ $query }</b>, in an earlier version
alert-also = also: { $outlets }
alert-also-more = also: { $outlets } +{ $count }
card-also = Also
alert-everything = ▸ every story of { $outlet }
alert-held-quiet = 🌙 held since { $when }, quiet hours
alert-held-pause = ⏸ held since { $when }, paused
alert-held-digest = 🗞 for your digest, since { $when }
button-mute-word = 🔇 { $name }
button-mute-outlet = 🔇 { $name }
button-mute-event = 🔇 this event
alert-missed = { $count ->
    [one] While this chat took no messages, one alert waited. Here it is.
   *[other] While this chat took no messages, { $count } alerts have waited, the first since { $when }. They come now, or with your digest.
}
digest-all = { $told ->
    [one] 🗞 <b>One alert</b> that waited, newest first
   *[other] 🗞 <b>{ $told } alerts</b> that waited, newest first
}
digest-some = 🗞 <b>The newest { $told }</b> of { $follow ->
    [one] the alerts that waited; one more follows
   *[other] the alerts that waited; { $follow } more follow
}
digest-filter = ▸ <b>{ $query }</b>
digest-everything = ▸ every story of { $outlet }
field-title = the title
field-description = the lead
field-content = the article's text
field-page = the article's text

## Notices

notice-trouble = { $count ->
    [one] ⚠ A feed that this chat follows is in trouble:
   *[other] ⚠ { $count } feeds that this chat follows are in trouble:
}
notice-feed = • { $title }: { $why }
notice-since = , since { $when }
notice-more = … and { $count } more: /list
notice-instead = Its site offers this feed now: { $title }
notice-back = { $count ->
    [one] ✓ All is well again with { $titles }
   *[other] ✓ All is well again with { $count } feeds: { $titles }
}
notice-resumed = { $held ->
    [0] ▶ The pause is over. Nothing was held.
    [one] ▶ The pause is over. One held alert comes now.
   *[other] ▶ The pause is over. { $held } held alerts come now.
}
notice-resumed-on = ▶ The pause is over.
notice-silent = Your filter <b>#{ $number }</b> has brought nothing in 60 days: <b>{ $query }</b>. Is it spelled as outlets write it?
button-unfollow = Stop following { $title }
button-try = Try: { $query }
button-unwatch = Remove it

## A query as we read it, said back

reading-forms = { $text } (any form)
reading-forms-and-capitals = { $text } (any form, { $capitals } in capitals)
reading-capitals = { $text } (in capitals)
reading-prefix = words that begin with { $text }
reading-exact = exactly “{ $text }”
reading-or = or
reading-and = and
reading-nor = or
reading-not = not { $what }
reading-near = { $one } and { $other } within { $count ->
    [one] one word
   *[other] { $count } words
 } of each other
reading-title = { $what } in the title
reading-author = by { $what }
reading-source = from { $what }
reading-language = in { $what }

## Discord only

discord-why = Why this alert?
option-channel = another channel of this server, or a forum, to do this for
discord-elsewhere = I am not in this server, so this is about your direct messages with me: alerts come there.
discord-no-direct-messages = I am not in this server, and cannot open direct messages with you. Add me to a server: <code>/start</code> there begins.
discord-missing = ⚠ Alerts cannot come here as they should: I lack { $rights }. Grant it to my role in this channel's settings, under Permissions: what waits comes then.
discord-right-view = View Channel
discord-right-send = Send Messages
discord-right-send-in-threads = Send Messages in Threads
discord-right-embed = Embed Links
discord-right-history = Read Message History

## Refusals

page-more = … and { $count } more: <code>{ $next }</code>
page-number = “{ $given }” is no page from 1 to { $last }: <code>{ $command } 1</code>
unknown-command = There is no command { $command }. /help lists them; to watch a word: <code>/watch EUMAM</code>
no-command = To watch words: <code>/watch { $said }</code> – to follow a feed, send its URL. /help lists all commands.
only-administrators = Only this chat's administrators may use { $command }. Everyone may look: <code>/list</code>
private-instance = This bot serves its operators only. You can run your own: it is free software.
private-unclaimed = This bot has no operator yet. Send the code that stands in its log: <code>/claim 1A2B3C4D</code>
button-old = That button no longer works. /help lists all commands.
limit-feeds = This chat may follow { $limit } feeds at most. Remove one first: <code>/unsub 3</code>
limit-total-feeds = This bot follows as many feeds as it may ({ $limit }). Its operator can allow more.
limit-filters = This chat may have { $limit } filters at most. Remove one first: <code>/unwatch 2</code>
query-empty = Say what to watch: <code>/watch military instructors, EUMAM</code>
query-quote = The quotation mark { $quote } at character { $at } is not closed. Write: <code>/{ $command } { $example }</code>
query-open = The bracket at character { $at } is not closed. Write: <code>/{ $command } { $example }</code>
query-close = The bracket at character { $at } closes none. Write: <code>/{ $command } { $example }</code>
query-deep = Brackets may be { $limit } deep, the one at character { $at } is deeper. Write: <code>/{ $command } { $example }</code>
query-operator = “{ $operator }” at character { $at } needs words on both sides. Write: <code>/{ $command } { $example }</code>
query-sign = “{ $operator }” at character { $at } needs a word behind it. Write: <code>/{ $command } { $example }</code>
query-near = “{ $operator }” at character { $at } goes between words, phrases and alternatives in brackets only. Write: <code>/{ $command } { $example }</code>
query-near-number = “{ $operator }” at character { $at } needs a number of words from 1 to { $most }. Write: <code>/{ $command } { $example }</code>
query-prefix = “{ $word }” at character { $at }: an asterisk goes behind the first { $least } or more letters of a word. Write: <code>/{ $command } { $example }</code>
query-field = “{ $field }” at character { $at } needs a word behind it. Write: <code>/{ $command } { $example }</code>
query-nested = “{ $field }” at character { $at } stands inside another field. Write: <code>/{ $command } { $example }</code>
query-language = “{ $given }” at character { $at } is no code of a language, which has two or three letters. Write: <code>/{ $command } { $example }</code>
query-exact = “=” at character { $at } needs a word behind it. Write: <code>/{ $command } { $example }</code>
query-negations = This would match almost everything: from character { $at } on it only says what not to match. Say what to match as well: <code>/{ $command } { $example }</code>
query-too-long = A filter may have { $limit } characters, this one has { $length }. Make two of it: <code>/{ $command } military instructors</code>
query-too-many = A filter may have { $limit } keywords, this one has { $count }. Make two of it: <code>/{ $command } military instructors</code>
error-store = The bot's store does not work just now, so nothing was changed. Try again in a minute.
error-unexpected = That went wrong on our side (reference { $reference }, for the operator's log). Try again.
