package demo

import "time"

// fjordlight is a publisher: a newsroom site and an events site.
var fjordlight = []story{
	{
		at: at(88, "09:12"), by: theo, kind: question, scope: []string{"newsroom/staging"},
		subject: "Who can approve deployments to production?",
		text:    "Our new editor-in-chief asks who may press the deploy button. Where is that set?",
		then: []step{
			{after: 40 * time.Minute, by: jonas, text: "Everybody with the role Developer or Admin on the application. Admins see the list under *Applications > newsroom > Access*; Mara can change it.", status: solved},
		},
	},
	{
		at: at(85, "13:30"), by: mara, kind: task, scope: []string{"events"},
		ccs:     []string{"ops@fjordlight.example"},
		subject: "Separate application for the conference microsite",
		text:    "We run a conference in spring and want its microsite apart from the events site, with its own environments.",
		detail: detail{
			requirements: "Region Frankfurt, three environments, single sign-on as on the events site.",
			earliest:     3 * day, latest: 21 * day,
		},
		then: []step{
			{after: 3 * time.Hour, by: jonas, text: "That needs a change of your contract, since it is a new instance. I have asked your account manager to send the offer today and keep this ticket for the technical part."},
			{after: 5 * day, by: mara, text: "We decided to keep it as a section of the events site this year. Sorry for the detour."},
			{after: 1 * time.Hour, by: jonas, text: "No problem at all, I close this one.", status: solved},
		},
	},
	{
		at: at(83, "07:45"), by: theo, kind: incident, urgency: normal, scope: []string{"newsroom/production"},
		subject: "Images in the live ticker load slowly",
		text:    "In the live ticker images take 5 to 10 seconds to appear, on other pages they are quick.",
		detail:  detail{impact: "Live ticker only.", since: 45 * time.Minute},
		then: []step{
			{after: 22 * time.Minute, by: jonas, text: "The ticker requests images with a random query string (`?v=0.8812`), so none is served from the cache. Was there a deployment yesterday evening?"},
			{after: 25 * time.Minute, by: theo, text: "Yes, 21:00. I will have that removed."},
			{after: 3 * time.Hour, by: theo, text: "Fixed and deployed."},
			{after: 15 * time.Minute, by: jonas, text: "Cache hit rate of the ticker is back at 98%.", status: solved},
		},
	},
	{
		at: at(80, "10:00"), by: theo, kind: question,
		subject: "Do you keep backups of deleted environments?",
		text:    "If we delete a development environment, for how long can its database be restored?",
		then: []step{
			{after: 90 * time.Minute, by: jonas, text: "30 days for development and staging, 90 days for production. A restore into a new environment takes about an hour; just open a request.", status: solved},
		},
	},
	{
		at: at(76, "11:25"), by: mara, kind: problem, scope: []string{"newsroom"},
		subject: "Scheduled posts are published up to 4 minutes late",
		text:    "Posts scheduled for a full hour go live between 1 and 4 minutes later. For stock exchange news that is too late.",
		detail: detail{
			expected: "Published within 10 seconds.",
			actual:   "1 to 4 minutes late, later when the queue is busy.",
			steps:    "Schedule ten posts for the same minute and compare the publish times.",
		},
		then: []step{
			{after: 2 * time.Hour, by: jonas, text: "Reproduced on a fresh installation with a busy queue: publishing shares its worker with image processing. I have given `publish_future_post` its own worker on your production environment as a first relief; delay is below 5 seconds since 14:10 UTC."},
			{after: 1 * day, by: mara, text: "Much better, thank you."},
			{after: 9 * day, by: jonas, text: "The separate worker is now the default on the platform.", status: solved},
		},
	},
	{
		at: at(73, "15:50"), by: theo, kind: question, scope: []string{"events/production"},
		subject: "How long are access logs kept?",
		text:    "We want to analyse ticket sales of the last conference, that is 4 months ago.",
		then: []step{
			{after: 50 * time.Minute, by: jonas, text: "Access logs are kept for 180 days. You can download them per day under *Logs > Archive*, or I can prepare the whole range for you."},
			{after: 20 * time.Minute, by: theo, text: "Please prepare 12 to 16 of that month."},
			{after: 2 * time.Hour, by: jonas, text: "Ready, the link in the dashboard works for 7 days.", status: solved},
		},
	},
	{
		at: at(69, "08:20"), by: theo, kind: task, scope: []string{"newsroom/staging"},
		subject: "Copy production content to staging",
		text:    "Please copy newsroom production to staging, we test the new front page on Thursday.",
		detail:  detail{requirements: "Database and uploads, user accounts anonymised.", earliest: 0, latest: 2 * day},
		then: []step{
			{after: 35 * time.Minute, by: jonas, text: "Runs tonight at 02:00 UTC and will be done by 04:00. Accounts other than those of your organization are anonymised."},
			{after: 20 * time.Hour, by: jonas, text: "Done at 03:41 UTC.", status: solved},
		},
	},
	{
		at: at(65, "19:32"), by: mara, kind: incident, urgency: urgent, scope: []string{"newsroom/production"},
		ccs:     []string{"ops@fjordlight.example", "newsdesk@fjordlight.example"},
		subject: "Newsroom shows an old front page, updates do not appear",
		text:    "Since about 19:20 UTC the front page does not change any more. Articles are saved, but readers see the state of 19:18.",
		detail:  detail{impact: "Election night. All readers see old results.", callback: "+47 21 09 88 40", since: 12 * time.Minute},
		then: []step{
			{after: 1 * time.Minute, by: ada, do: acknowledge},
			{after: 4 * time.Minute, by: ada, text: "I have it. Purge requests to the edge fail since 19:19 UTC. I have set the lifetime of the front page to 5 seconds as a bypass: readers get new content now. Looking for the cause next.", status: open},
			{after: 5 * time.Minute, by: mara, text: "We see current numbers. Thank you!"},
			{after: 35 * time.Minute, by: ada, text: "The purge token had reached its rate limit: the new ticker purges every article on every vote count. We raised the limit for tonight and bundled the purges per second.", status: open},
			{after: 14 * time.Hour, by: ada, text: "Everything ran well through the night, lifetimes are back to normal. I would like to discuss the bundling with your developers next week; Jonas will call.", status: solved},
		},
	},
	{
		at: at(61, "10:30"), by: theo, kind: question, scope: []string{"newsroom/development"},
		subject: "Local development with the same PHP extensions",
		text:    "Our developers run PHP locally and miss `imagick` and `apcu`. Is there an image that has what production has?",
		then: []step{
			{after: 45 * time.Minute, by: jonas, text: "`altis local start` runs the very image of your production environment. The extension list is also in the docs under *Runtime*.", status: solved},
		},
	},
	{
		at: at(57, "14:10"), by: mara, kind: problem, scope: []string{"events/production"},
		subject: "Certificate of tickets.fjordlight.example renews late",
		text:    "The certificate is valid for another 6 days only. All others were renewed 30 days ahead. I would not like to find out on a Saturday.",
		detail:  detail{risk: true, actual: "6 days left, no renewal seen."},
		then: []step{
			{after: 30 * time.Minute, by: jonas, text: "Good that you looked: the renewal fails because a CAA record at your DNS provider allows another authority only. Could you add `0 issue \"letsencrypt.org\"` for tickets.fjordlight.example?"},
			{after: 3 * time.Hour, by: mara, text: "Added."},
			{after: 30 * time.Minute, by: jonas, text: "Renewed, valid for 90 days. We now warn you at 20 days when a renewal fails.", status: solved},
		},
	},
	{
		at: at(53, "09:05"), by: theo, kind: incident, urgency: high, scope: []string{"events/production"},
		subject: "Ticket shop answers slowly, carts are lost",
		text:    "The ticket shop takes up to 20 seconds per page and carts are sometimes empty afterwards.",
		detail:  detail{impact: "Sales started at 09:00, about every third visitor gives up.", since: 5 * time.Minute},
		then: []step{
			{after: 6 * time.Minute, by: diego, text: "Sessions for the shop are stored in the database and lock each other. I have moved them to Redis for this application, that needed a restart of the workers at 09:14 UTC. Pages take 0.6 s now."},
			{after: 10 * time.Minute, by: theo, text: "Huge difference. Carts stay filled, too."},
			{after: 4 * time.Hour, by: diego, text: "The setting is now part of `.config/production.yaml`, please merge the change we proposed.", status: solved},
		},
	},
	{
		at: at(50, "16:15"), by: theo, kind: question, scope: []string{"newsroom"},
		subject: "Maximum upload size for videos",
		text:    "Can we raise the upload limit from 256 MB to 2 GB? Our reporters send raw footage.",
		then: []step{
			{after: 2 * time.Hour, by: jonas, text: "Through PHP 512 MB is the limit. For larger files there is direct upload to object storage: enable `media.direct_upload`, then 5 GB are possible and no worker is blocked meanwhile."},
			{after: 1 * day, by: theo, text: "Direct upload works well, thank you."},
			{after: 10 * time.Minute, by: jonas, do: solve},
		},
	},
	{
		at: at(46, "08:40"), by: mara, kind: task, scope: []string{"newsroom/production"},
		subject: "Move cron of the newsletter to 05:30",
		text:    "The morning newsletter should be built at 05:30 instead of 06:00 Oslo time, from Monday on.",
		detail:  detail{requirements: "Follow Oslo time through daylight saving changes.", earliest: 3 * day, latest: 4 * day},
		then: []step{
			{after: 55 * time.Minute, by: jonas, text: "Set to 05:30 Europe/Oslo, active from Monday. It follows the clock change.", status: solved},
		},
	},
	{
		at: at(43, "21:17"), by: theo, kind: incident, urgency: normal, scope: []string{"newsroom/staging"},
		subject: "Staging asks for a password twice",
		text:    "Since the update staging asks for the basic auth password on every second request.",
		detail:  detail{impact: "Annoying for testers.", since: 5 * time.Hour},
		then: []step{
			{after: 11 * time.Hour, by: jonas, text: "One of the two staging workers had a stale configuration. Restarted; it asks once per browser again.", status: solved},
		},
	},
	{
		at: at(39, "12:55"), by: theo, kind: question, scope: []string{"events"},
		subject: "Webhooks when a deployment has finished",
		text:    "Can the dashboard call a URL of ours when a deployment has finished? We would post it to chat.",
		then: []step{
			{after: 70 * time.Minute, by: jonas, text: "Yes, *Applications > events > Integrations > Webhooks*, event `deployment.finished`. Requests are signed; the docs show how to verify them.", status: solved},
		},
	},
	{
		at: at(37, "10:20"), by: mara, kind: problem, scope: []string{"newsroom/production"},
		subject: "Author archive pages return 500 for names with an apostrophe",
		text:    "Archive pages of authors like O'Brien return 500 since last week's release of ours. Everything else works.",
		detail: detail{
			expected: "The archive page.",
			actual:   "HTTP 500.",
			steps:    "Open /author/o-brien/.",
			traces:   "PHP Fatal error: Uncaught TypeError: esc_sql_like(): Argument #1 must be of type string, null given in theme/inc/authors.php:88",
		},
		then: []step{
			{after: 65 * time.Minute, by: jonas, text: "The trace points to your theme, `inc/authors.php` line 88: it looks up the display name by slug and gets nothing for escaped apostrophes. Custom code is outside of what we maintain, but the fix is small: use `get_user_by( 'slug', ... )` there."},
			{after: 5 * time.Hour, by: mara, text: "That was it, deployed. Thank you for looking anyway!"},
			{after: 20 * time.Minute, by: jonas, do: solve},
		},
	},
	{
		at: at(34, "09:15"), by: theo, kind: task, scope: []string{"events/staging", "events/development"},
		subject: "Upgrade events staging and development to PHP 8.3",
		text:    "As agreed in the call: please upgrade staging and development of events.",
		detail:  detail{requirements: "Any time during office hours.", earliest: 0, latest: 7 * day},
		then: []step{
			{after: 4 * time.Hour, by: jonas, text: "Both run on PHP 8.3.12 since 13:00 UTC.", status: solved},
		},
	},
	{
		at: at(31, "18:25"), by: mara, kind: incident, urgency: high, scope: []string{"events/production"},
		ccs:     []string{"ops@fjordlight.example"},
		subject: "Confirmation PDFs contain the wrong venue",
		text:    "Since the deployment at 17:00 UTC the PDF of every booking shows the venue of last year.",
		detail:  detail{impact: "About 140 visitors have a wrong PDF.", since: 85 * time.Minute},
		then: []step{
			{after: 12 * time.Minute, by: ada, text: "The PDF service caches templates by name, and the name did not change. I purged its cache; new PDFs show the right venue. Do you want us to re-send the 140?"},
			{after: 9 * time.Minute, by: mara, text: "Please give us the list, we send an apology with it."},
			{after: 25 * time.Minute, by: ada, text: "The list (142 bookings) is in your secure file share. The template cache is now keyed by content.", status: solved},
		},
	},
	{
		at: at(27, "11:45"), by: theo, kind: question,
		subject: "Data processing agreement: list of sub-processors",
		text:    "Our legal department needs the current list of sub-processors.",
		then: []step{
			{after: 3 * time.Hour, by: elif, text: "The list is part of the agreement in the dashboard under *Organization > Legal*, last changed in July. You can subscribe to changes there.", status: solved},
		},
	},
	{
		at: at(25, "07:30"), by: theo, kind: incident, urgency: normal, scope: []string{"newsroom/production"},
		subject: "RSS feed misses the newest articles",
		text:    "The RSS feed is about an hour behind. Partners complain.",
		detail:  detail{impact: "Three partner sites.", since: 2 * time.Hour},
		then: []step{
			{after: 28 * time.Minute, by: jonas, text: "Feeds were cached for an hour since the cache rules of last Friday. Back to 60 seconds, the feed is current.", status: solved},
			{after: 2 * time.Hour, by: theo, text: "It is behind again, about 20 minutes this time."},
			{after: 35 * time.Minute, by: jonas, text: "You are right: the `/feed/atom` variant had its own rule. Corrected too; I have checked all five feed addresses."},
			{after: 1 * day, by: theo, text: "All current since yesterday."},
			{after: 15 * time.Minute, by: jonas, do: solve},
		},
	},
	{
		at: at(22, "13:05"), by: mara, kind: task, scope: []string{"newsroom/production"},
		ccs:     []string{"ops@fjordlight.example"},
		subject: "Restore 12 deleted articles of the archive",
		text:    "An editor deleted 12 articles for good by mistake, list below. The trash was emptied too.",
		detail:  detail{requirements: "Articles with ids 88121-88132 including images, from the backup of last night.", earliest: 0, latest: 1 * day},
		then: []step{
			{after: 50 * time.Minute, by: jonas, do: assign},
			{after: 95 * time.Minute, by: jonas, text: "All 12 are restored with their 31 images, as drafts, so that you can look at them before publishing.", status: solved},
			{after: 30 * time.Minute, by: mara, text: "You saved our afternoon. Thank you!"},
			{after: 10 * time.Minute, by: jonas, do: solve},
		},
	},
	{
		at: at(19, "15:35"), by: theo, kind: question, scope: []string{"events/development"},
		subject: "Test payments on development",
		text:    "Which credentials do we use for test payments? The sandbox keys seem to be empty on development.",
		then: []step{
			{after: 40 * time.Minute, by: jonas, text: "Secrets are not copied to development on purpose. Add the sandbox keys under *Environments > development > Secrets*; they are only visible to developers.", status: solved},
		},
	},
	{
		at: at(15, "09:50"), by: mara, kind: problem, scope: []string{"events/production"},
		subject: "Waiting room lets visitors in twice",
		text:    "During the last sale some visitors got two places in the waiting room by opening a second browser. That makes the queue unfair.",
		detail: detail{
			expected: "One place per person.",
			actual:   "One place per browser.",
			steps:    "Open the sale in two browsers with the same account.",
		},
		then: []step{
			{after: 4 * time.Hour, by: jonas, text: "The waiting room identifies browsers, since most visitors are not logged in at that point. It can ask for a login first; then places are bound to the account. Would that be acceptable for your sales?"},
			{after: 2 * day, by: mara, text: "We discuss that with the organizer and come back to you."},
		},
	},
	{
		at: at(12, "17:20"), by: theo, kind: incident, urgency: low, scope: []string{"newsroom/development"},
		subject: "Development environment goes to sleep too early",
		text:    "The development environment sleeps after 30 minutes without requests; waking it takes a minute.",
		detail:  detail{impact: "Two developers.", since: 3 * day},
		then: []step{
			{after: 16 * time.Hour, by: jonas, text: "That is the default for development. I set yours to 8 hours on weekdays.", status: solved},
		},
	},
	{
		at: at(9, "10:40"), by: mara, kind: task, scope: []string{"newsroom", "events"},
		subject: "Rotate all database credentials",
		text:    "Our security policy asks for a rotation of all database credentials every six months.",
		detail: detail{
			requirements: "All environments of both applications, no downtime, a written confirmation.",
			earliest:     5 * day, latest: 14 * day,
		},
		then: []step{
			{after: 2 * time.Hour, by: jonas, do: assign},
			{after: 30 * time.Minute, by: jonas, text: "We create second credentials, roll the workers over and drop the old ones afterwards; no downtime. Development and staging are planned for Tuesday, production for Wednesday 03:00 UTC."},
			{after: 5 * day, by: jonas, do: note, text: "Development and staging are done. Production waits for the change freeze of the customer to end on Wednesday."},
			{after: 5 * time.Minute, by: jonas, text: "Development and staging are done. Production follows when your change freeze has ended.", status: onHold},
		},
	},
	{
		at: at(6, "08:15"), by: theo, kind: question, scope: []string{"newsroom/production"},
		subject: "Can we block AI crawlers at the edge?",
		text:    "Our publisher wants to block crawlers that train language models. Is a robots.txt enough or can the edge do it?",
		then: []step{
			{after: 75 * time.Minute, by: jonas, text: "robots.txt is only a request. The edge can block by verified bot category; I can switch it on for you. Search engines are not in that category. Shall I?", status: pending},
		},
	},
	{
		at: at(5, "13:20"), by: mara, kind: incident, urgency: normal, scope: []string{"events/production"},
		subject: "Calendar export shows wrong hours after the clock change",
		text:    "Events after the end of daylight saving time are one hour off in the calendar export.",
		detail:  detail{impact: "Visitors may come an hour early.", since: 1 * day},
		then: []step{
			{after: 45 * time.Minute, by: jonas, text: "The export writes local times without zone. As a quick measure the export now writes UTC, which all calendars understand. Could you check two events?"},
			{after: 3 * time.Hour, by: mara, text: "Both are right now."},
			{after: 20 * time.Minute, by: jonas, text: "Good. The lasting fix is in the calendar plugin and comes with its next release.", status: solved},
		},
	},
	{
		at: at(3, "09:10"), by: theo, kind: problem, scope: []string{"newsroom/staging"},
		subject: "Preview links expire immediately",
		text:    "Preview links for editors without account are invalid as soon as they are created.",
		detail: detail{
			expected: "Valid for 48 hours.",
			actual:   "'This link has expired' at once.",
			steps:    "Create a preview link on staging and open it in a private window.",
		},
		then: []step{
			{after: 3 * time.Hour, by: jonas, do: assign},
			{after: 30 * time.Minute, by: jonas, text: "I can reproduce it on your staging but not on a fresh installation. It looks as if the clock of one worker is two days ahead. Looking into that.", status: open},
		},
	},
	{
		at: at(2, "11:00"), by: mara, kind: task, scope: []string{"events/production"},
		subject: "Add two editors from our agency for four weeks",
		text:    "Please allow two people of our agency to deploy to events staging only, for four weeks.",
		detail:  detail{requirements: "Staging only, ends by itself.", earliest: 1 * day, latest: 5 * day},
		then: []step{
			{after: 100 * time.Minute, by: jonas, text: "You can invite them yourself with the role Developer limited to the application; a limit to one environment is something I have to set. Please send me their addresses once they have accepted."},
		},
	},
	{
		at: at(2, "15:45"), by: theo, kind: question, scope: []string{"newsroom/production"},
		subject: "Best way to warm the cache after a deployment",
		text:    "After each deployment the first visitors of an article wait longer. Is there a recommended way to warm the cache?",
		then: []step{
			{after: 14 * time.Hour, by: jonas, text: "Add a `post_deploy` hook that requests your sitemap with `altis cache warm --sitemap`. It goes easy on the workers and takes about two minutes for your site.", status: pending},
		},
	},
	{
		at: before(3 * time.Hour), by: mara, kind: incident, urgency: normal, scope: []string{"newsroom/production"},
		ccs:     []string{"ops@fjordlight.example"},
		subject: "Push notifications are sent twice",
		text:    "Readers get each push notification twice since last night's release.",
		detail:  detail{impact: "About 80,000 subscribers, many unsubscribe.", since: 6 * time.Hour},
	},
	{
		at: before(50 * time.Minute), by: theo, kind: question,
		subject: "Is there a maintenance window this week?",
		text:    "Our marketing plans a campaign on Thursday night. Is any maintenance planned then?",
	},
}
