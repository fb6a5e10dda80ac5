package demo

import "time"

// sleepless is when a page goes to an engineer who does not answer it.
var sleepless = at(2, "23:50")

// brickyard is a retailer: a shop, a wholesale portal and a magazine.
var brickyard = []story{
	{
		at: at(89, "08:41"), by: priya, kind: task, scope: []string{"magazine"},
		subject: "Additional staging environment for the magazine relaunch",
		text:    "We start the magazine relaunch next month and would like a second staging environment, so that editorial can keep using the current one.",
		detail: detail{
			requirements: "Same size as staging, PHP 8.3, a copy of production content without user accounts, HTTP basic auth on.",
			earliest:     2 * day, latest: 9 * day,
		},
		then: []step{
			{after: 50 * time.Minute, by: jonas, do: assign},
			{after: 10 * time.Minute, by: jonas, text: "Thanks Priya, that is clear. One question before I book it: should the copy of production content include drafts? They make up about 40% of the database."},
			{after: 2 * time.Hour, by: priya, text: "Drafts included, please. Editorial wants to test the workflow with them."},
			{after: 26 * time.Hour, by: jonas, text: "Done. The environment is called *staging-relaunch*; credentials for basic auth are in the dashboard under Environments. The content copy is from 04:00 today, user accounts and orders were left out.", status: solved},
		},
	},
	{
		at: at(86, "14:05"), by: sam, kind: question, scope: []string{"shop/development"},
		subject: "How do I read the PHP error log of the development environment?",
		text:    "The dashboard shows access logs for development but I cannot find PHP errors. Is there a way to stream them?",
		then: []step{
			{after: 35 * time.Minute, by: jonas, text: "Yes: *Applications > shop > development > Logs*, then switch the source from `access` to `php`. To stream them, use the CLI: `altis logs --env development --source php --follow`.", status: solved},
			{after: 20 * time.Minute, by: sam, text: "Found it, I had the filter on the wrong day. Thanks!"},
			{after: 5 * time.Minute, by: jonas, do: solve},
		},
	},
	{
		at: at(84, "11:20"), by: priya, kind: incident, urgency: normal, scope: []string{"shop/production"},
		subject: "Order confirmation mails arrive 20 minutes late",
		text:    "Since this morning customers tell us that order confirmations arrive about 20 minutes after checkout. Orders themselves are fine.",
		detail:  detail{impact: "Customers call our service desk to ask whether the order went through.", since: 3 * time.Hour},
		then: []step{
			{after: 18 * time.Minute, by: jonas, text: "I see a growing queue in the mail transport of production: the relay throttles us since 08:10 UTC because of a spike of newsletter bounces. I have moved transactional mail to its own pool; confirmations should leave at once now. Can you confirm on your side?"},
			{after: 40 * time.Minute, by: priya, text: "Confirmed, my test order was mailed after 4 seconds."},
			{after: 8 * time.Minute, by: jonas, text: "Good. The separation of transactional and bulk mail stays in place, so a newsletter cannot slow down orders again.", status: solved},
		},
	},
	{
		at: at(81, "09:02"), by: sam, kind: problem, scope: []string{"shop"},
		subject: "Product images lose their focal point after a media replace",
		text:    "After replacing an image in the media library, all crops fall back to the centre. The focal point in the database is still right.",
		detail: detail{
			expected: "Crops are regenerated around the stored focal point.",
			actual:   "Crops are centred until the post is saved again.",
			steps:    "1. Upload an image and set a focal point.\n2. Replace the file.\n3. Look at the `medium_large` crop.",
		},
		then: []step{
			{after: 3 * time.Hour, by: jonas, text: "Reproduced on a fresh installation, so this one is ours. The replace hook runs before the focal point is loaded. I have opened a fix for the media module and will tell you the release."},
			{after: 4 * day, by: jonas, text: "The fix is in the platform release of today. Please update the shop to it; existing images are repaired with `wp media regenerate --only-missing`.", status: solved},
			{after: 5 * time.Hour, by: sam, text: "Works on development and staging. Thank you for the quick fix."},
			{after: 30 * time.Minute, by: jonas, do: solve},
		},
	},
	{
		at: at(77, "16:30"), by: priya, kind: question,
		subject: "Which IP addresses should our payment provider allow?",
		text:    "Our payment provider asks for the outgoing addresses of all environments. Are they fixed?",
		then: []step{
			{after: 25 * time.Minute, by: jonas, text: "They are fixed per region. Production uses the two NAT addresses shown under *Applications > shop > Network*; staging and development share a third. If you add a region later, new addresses come with it and we announce them 14 days ahead.", status: solved},
		},
	},
	{
		at: at(74, "07:55"), by: priya, kind: task, scope: []string{"wholesale"},
		subject: "Upgrade wholesale to PHP 8.3",
		text:    "Please upgrade the wholesale portal from PHP 8.1 to 8.3, development first.",
		detail: detail{
			requirements: "Development this week, staging after our test, production in a night between Tuesday and Thursday.",
			earliest:     1 * day, latest: 14 * day,
		},
		then: []step{
			{after: 70 * time.Minute, by: jonas, do: assign},
			{after: 20 * time.Minute, by: jonas, text: "Development runs on 8.3 since 09:20 UTC. I saw two deprecations from `acme-price-lists` in the log; both are notices. Tell us when staging may follow."},
			{after: 2 * day, by: priya, text: "Tests passed. Staging, please."},
			{after: 90 * time.Minute, by: jonas, text: "Staging is on 8.3. Proposed production window: Wednesday 03:00-03:30 UTC. No downtime is expected, workers are replaced one by one."},
			{after: 4 * time.Hour, by: priya, text: "Agreed."},
			{after: 3 * day, by: diego, text: "Production was upgraded at 03:04 UTC. Error rate and response times are unchanged since.", status: solved},
		},
	},
	{
		at: at(70, "13:11"), by: priya, kind: incident, urgency: high, scope: []string{"shop/production"},
		ccs:     []string{"service-desk@brickyard.example"},
		subject: "Search results empty for about half of all queries",
		text:    "Product search returns nothing for many queries that worked yesterday, for example \"sealant\" and \"oak\".",
		detail:  detail{impact: "About half of the searches. Category pages work.", since: 90 * time.Minute},
		then: []step{
			{after: 9 * time.Minute, by: diego, text: "One of the two search nodes lost an index during last night's maintenance and answers with zero hits instead of an error. I have taken it out of rotation; searches should be complete now."},
			{after: 14 * time.Minute, by: priya, text: "Looks good again. How could a node without index stay in rotation?"},
			{after: 2 * time.Hour, by: diego, text: "The health check only asked whether the node answers. It now runs a query with a known result. The node was re-indexed and is back since 15:20 UTC.", status: solved},
		},
	},
	{
		at: at(66, "10:45"), by: sam, kind: question, scope: []string{"shop/staging"},
		subject: "Can I exclude the uploads folder from the staging sync?",
		text:    "The nightly sync to staging takes 3 hours, mostly uploads. We only need the database there.",
		then: []step{
			{after: 55 * time.Minute, by: jonas, text: "You can: set `sync.uploads: proxy` in `.config/staging.yaml`. Staging then reads missing files from production (read only) and the sync copies the database alone.", status: solved},
		},
	},
	{
		at: at(63, "15:20"), by: priya, kind: problem, scope: []string{"wholesale/production"},
		subject: "Price list import may exhaust memory with the new catalogue",
		text:    "Our new catalogue has 380,000 rows. On staging the import peaked at 1.9 GB, the limit is 2 GB. Nothing has broken yet, but I expect it to.",
		detail:  detail{risk: true, actual: "Peak of 1.9 GB with 350,000 rows on staging."},
		then: []step{
			{after: 100 * time.Minute, by: jonas, text: "Thank you for telling us before it breaks. The importer reads the whole file; it has a streaming mode behind `--batch=1000`, which peaks at about 150 MB here. Could you try that on staging? Meanwhile I have raised the limit for the import job (only) to 3 GB."},
			{after: 22 * time.Hour, by: priya, text: "With the batch mode it peaks at 160 MB and is even faster. We will use that."},
			{after: 30 * time.Minute, by: jonas, text: "Good. I leave the higher limit until the end of the month and take it back then.", status: solved},
		},
	},
	{
		at: at(58, "18:02"), by: priya, kind: incident, urgency: urgent, scope: []string{"shop/production"},
		ccs:     []string{"service-desk@brickyard.example", "cto@brickyard.example"},
		subject: "Shop is down: 503 on every page",
		text:    "Every page of the shop answers with 503 since 17:58 UTC. We have not deployed anything today.",
		detail:  detail{impact: "Nobody can buy. Autumn sale is running.", callback: "+44 20 7946 0012", since: 4 * time.Minute},
		then: []step{
			{after: 2 * time.Minute, by: diego, do: acknowledge},
			{after: 6 * time.Minute, by: diego, text: "I am on it. The database primary ran out of connections after a reporting query held locks; I have ended that query and pages are answering again since 18:09 UTC. Please check checkout on your side while I look at why the query was not cut off.", status: open},
			{after: 9 * time.Minute, by: priya, text: "Checkout works. Thank you, that was fast."},
			{after: 3 * time.Hour, by: diego, text: "The query came from the BI export, which uses the primary instead of the replica. I have pointed its credentials at the replica and set a statement timeout of 60 s for that role. A short report is attached to your incident history.", status: solved},
		},
	},
	{
		at: at(55, "09:30"), by: sam, kind: question, scope: []string{"shop/development"},
		subject: "Is Xdebug available on development?",
		text:    "I would like to step through the checkout. Is Xdebug installed, and how do I connect from my IDE?",
		then: []step{
			{after: 45 * time.Minute, by: jonas, text: "It is installed but off. `altis xdebug on --env development` opens a tunnel to your machine on port 9003 and switches itself off after two hours.", status: solved},
		},
	},
	{
		at: at(51, "12:12"), by: priya, kind: task, scope: []string{"shop/production"},
		subject: "Add the domain brickyard-outlet.example to the shop",
		text:    "Please add brickyard-outlet.example (with www) to shop production. DNS is with us and can point to you any time.",
		detail:  detail{requirements: "Certificate for both names, redirect www to the bare domain.", earliest: 0, latest: 5 * day},
		then: []step{
			{after: 65 * time.Minute, by: jonas, text: "Both names are set up. Please create the two CNAME records shown in the dashboard; the certificate is issued within minutes after that."},
			{after: 3 * time.Hour, by: priya, text: "Records are set, TTL 300."},
			{after: 30 * time.Minute, by: jonas, text: "Certificate issued, the redirect works, both answer over HTTPS.", status: solved},
		},
	},
	{
		at: at(47, "08:18"), by: sam, kind: problem, scope: []string{"shop"},
		subject: "Cron event `refresh_stock` sometimes runs twice",
		text:    "About once a day the stock refresh runs twice at the same time and the second run overwrites newer numbers.",
		detail: detail{
			expected: "One run at a time.",
			actual:   "Two runs with the same start second, on different workers.",
			steps:    "Happens at :00 when the queue is busy. I could not force it.",
			traces:   "[08:00:00] refresh_stock started pid 811\n[08:00:00] refresh_stock started pid 1290",
		},
		then: []step{
			{after: 4 * time.Hour, by: jonas, text: "Your trace helped. The lock is taken with a one-second resolution and released early when the first run reports progress. Does the job call `set_time_limit`? That resets the lock in this version."},
			{after: 19 * time.Hour, by: sam, text: "It does, in our own code. Removed on staging now."},
			{after: 6 * day, by: jonas, text: "Six days without a double run on staging. We also made the lock survive `set_time_limit` in the next platform release, so that nobody else trips over it.", status: solved},
		},
	},
	{
		at: at(44, "17:40"), by: priya, kind: question, scope: []string{"magazine"},
		subject: "Invoice: what is 'additional bandwidth'?",
		text:    "Our invoice for last month lists additional bandwidth for the magazine. Where does it come from?",
		then: []step{
			{after: 16 * time.Hour, by: jonas, text: "It is the autumn catalogue PDF: 48 MB, downloaded 21,000 times without cache headers. I can set a long cache lifetime for `/catalogue/*.pdf`, which keeps the downloads on the edge and off your bill."},
			{after: 40 * time.Minute, by: priya, text: "Please do!"},
			{after: 25 * time.Minute, by: jonas, text: "Done; the cache hit rate for the file is already above 95%.", status: solved},
		},
	},
	{
		at: at(40, "06:50"), by: priya, kind: incident, urgency: high, scope: []string{"wholesale/production"},
		subject: "Logins to wholesale fail with 'session expired'",
		text:    "Dealers report that they are sent back to the login page right after logging in.",
		detail:  detail{impact: "Most dealers cannot place orders.", since: 30 * time.Minute},
		then: []step{
			{after: 7 * time.Minute, by: ada, do: assign},
			{after: 6 * time.Minute, by: ada, text: "Sessions are stored but the cookie is set for the old domain `b2b.brickyard.example`: yesterday's deployment changed `COOKIE_DOMAIN`. I can roll back that one setting at once. Shall I?"},
			{after: 5 * time.Minute, by: priya, text: "Yes please."},
			{after: 4 * time.Minute, by: ada, text: "Rolled back at 07:12 UTC, logins work. The setting is in `.config/production.yaml`; please fix it there before the next deployment or it comes back.", status: solved},
		},
	},
	{
		at: at(36, "02:11"), by: priya, kind: incident, urgency: urgent, scope: []string{"shop/production"},
		ccs:     []string{"service-desk@brickyard.example"},
		subject: "Checkout returns 502 for all payment methods",
		text:    "Checkout answers with 502 since 02:05 UTC, for every payment method. The rest of the shop works.",
		detail:  detail{impact: "No orders at all. We normally have about 40 per hour at night because of the US shop.", callback: "+44 20 7946 0012", since: 6 * time.Minute},
		then: []step{
			{after: 3 * time.Minute, by: ada, do: acknowledge},
			{after: 5 * time.Minute, by: ada, text: "Good morning Priya, I am looking at it. The workers that serve `/checkout` crash on start because the payment SDK cannot write to its cache directory: the disk for temporary files is full.", status: open},
			{after: 12 * time.Minute, by: ada, text: "I have cleared 31 GB of abandoned image uploads from the temporary disk; checkout answers again since 02:29 UTC. Please place a test order when you can."},
			{after: 6 * time.Minute, by: priya, text: "Test order went through with card and PayPal. Thank you, Ada. Going back to bed."},
			{after: 7 * time.Hour, by: ada, text: "Follow-up: the uploads came from a plugin that writes originals to the temporary folder and never deletes them. We now alarm at 70% of that disk and clean files older than a day.", status: solved},
		},
	},
	{
		at: at(36, "11:00"), by: sam, kind: question, scope: []string{"shop/staging"},
		subject: "Access to staging database from outside",
		text:    "Is there a way to connect a local client to the staging database?",
		then: []step{
			{after: 30 * time.Minute, by: jonas, text: "Through the tunnel: `altis db connect --env staging`. It is read-only by default; `--write` needs the role Developer, which you have.", status: solved},
		},
	},
	{
		at: at(29, "10:10"), by: priya, kind: task, scope: []string{"shop/production", "shop/staging"},
		subject: "Enable brotli for JSON responses",
		text:    "Our app uses the shop API heavily. Could JSON responses be compressed with brotli as well?",
		detail:  detail{requirements: "Staging first; production a day later if nothing breaks.", earliest: 1 * day, latest: 20 * day},
		then: []step{
			{after: 2 * time.Hour, by: jonas, text: "Enabled on staging. In our measurement the product list shrinks from 212 kB to 31 kB. Production would follow tomorrow 09:00 UTC unless you object."},
			{after: 24 * time.Hour, by: jonas, text: "Production is done too.", status: solved},
		},
	},
	{
		at: at(24, "13:37"), by: sam, kind: problem, scope: []string{"shop/production"},
		subject: "Object cache misses jump every full hour",
		text:    "The hit rate falls from 97% to 60% for two minutes at every full hour. Nothing breaks, but response times double.",
		detail:  detail{risk: true, actual: "Hit rate 60% between :00 and :02.", expected: "No visible drop."},
		then: []step{
			{after: 5 * time.Hour, by: jonas, text: "The hourly feed export calls `wp_cache_flush()`, which empties the whole cache for everybody. Is that call in your code or in the feed plugin?"},
			{after: 18 * time.Hour, by: sam, text: "In the plugin. I asked the vendor."},
			{after: 20 * time.Minute, by: jonas, text: "Then we wait for them; I keep this on hold. If it gets worse, we can turn the call into a no-op for that job.", status: onHold},
		},
	},
	{
		at: at(20, "09:48"), by: priya, kind: question,
		subject: "Report of all incidents in the last quarter",
		text:    "For our auditors I need a list of all incidents of the last quarter with times of first response and resolution. Can I export that?",
		then: []step{
			{after: 3 * time.Hour, by: elif, text: "You can query them under *Support > Previous* with `type:incident created:>-90d`. I have also sent the list as a table to you by mail, with first response and resolution times.", status: solved},
		},
	},
	{
		at: at(16, "15:15"), by: priya, kind: incident, urgency: low, scope: []string{"magazine/staging"},
		subject: "Staging of the magazine is slow",
		text:    "Pages on magazine staging take 6-8 seconds. Not urgent, editorial can wait.",
		detail:  detail{impact: "Editorial preview only.", since: 26 * time.Hour},
		then: []step{
			{after: 5 * time.Hour, by: jonas, text: "The object cache of staging was not reachable after its move to the new host; pages worked without it. Fixed, pages take 0.4 s again.", status: solved},
		},
	},
	{
		at: at(11, "08:05"), by: priya, kind: task, scope: []string{"shop/production"},
		subject: "Raise capacity for the winter sale",
		text:    "The winter sale begins in 18 days. Last year we had 9 times the normal traffic in the first hour.",
		detail: detail{
			requirements: "Capacity for 10 times the normal traffic, a load test on staging a week before, somebody on call who knows about it.",
			earliest:     5 * day, latest: 17 * day,
		},
		then: []step{
			{after: 90 * time.Minute, by: elif, do: assign},
			{after: 35 * time.Minute, by: jonas, text: "Hello Priya, plan: we pre-scale to 24 workers the evening before, raise the edge cache for category pages to 5 minutes, and run the load test together next Tuesday 08:00 UTC. Diego is on call on the first night and knows the plan. Does Tuesday suit you?"},
			{after: 3 * day, by: priya, text: "Tuesday suits us. Sam will watch the application side."},
		},
	},
	{
		at: at(8, "12:25"), by: sam, kind: problem, scope: []string{"shop/staging"},
		subject: "GraphQL introspection is cached across deployments",
		text:    "After a deployment to staging the GraphQL schema stays the old one for about ten minutes.",
		detail: detail{
			expected: "The new schema right after the deployment.",
			actual:   "Introspection returns the old schema until the cache expires.",
			steps:    "1. Add a field.\n2. Deploy.\n3. Run an introspection query.",
		},
		then: []step{
			{after: 2 * time.Hour, by: jonas, text: "Could you tell me whether it also happens with `?nocache=1`? I want to know if it is the edge or the object cache."},
		},
	},
	{
		at: at(4, "16:44"), by: priya, kind: question, scope: []string{"wholesale"},
		subject: "Can dealers log in with their own identity provider?",
		text:    "Two large dealers ask for single sign-on with their Entra ID. Does the platform support more than one provider per application?",
		then: []step{
			{after: 80 * time.Minute, by: jonas, text: "It does, up to ten per application, matched by the domain of the mail address. I have sent you the guide. Tell us the two domains and we prepare the configuration on staging.", status: pending},
		},
	},
	{
		at: sleepless, by: priya, kind: incident, urgency: urgent, scope: []string{"wholesale/production"},
		subject: "Wholesale portal not reachable from Germany",
		text:    "Dealers in Germany cannot reach the portal since 23:40 UTC, it times out. From London it works.",
		detail:  detail{impact: "All German dealers, about 60% of the orders.", callback: "+44 20 7946 0012", since: 10 * time.Minute},
		then: []step{
			// Nobody acknowledges within the first step, so the page goes on to the second.
			// The half minute is for a machine that is slow to open the page.
			{after: escalation + 30*time.Second, do: nothing},
			{after: 90 * time.Second, by: ada, do: acknowledge},
			{after: 8 * time.Minute, by: ada, text: "The edge location in Frankfurt announces our addresses but drops the traffic. I have withdrawn it, German traffic goes through Amsterdam now. Please check.", status: open},
			{after: 11 * time.Minute, by: priya, text: "Two dealers confirm that it works."},
			{after: 50 * time.Minute, by: elif, do: note, text: "The first page to Diego was delivered but not acknowledged: his phone was in flight mode after a delayed flight. Review the hand-over checklist."},
			{after: 8 * time.Hour, by: ada, text: "Frankfurt is back since 07:30 UTC after the provider replaced a line card. We watch it today and close this tomorrow.", status: pending},
		},
	},
	{
		at: at(1, "10:02"), by: sam, kind: question, scope: []string{"shop/development"},
		subject: "Node version for build steps",
		text:    "Our build needs Node 22. The build image has 20. Can it be changed per application?",
	},
	{
		at: before(48 * time.Minute), by: priya, kind: incident, urgency: high, scope: []string{"shop/production"},
		ccs:     []string{"service-desk@brickyard.example"},
		subject: "Gift cards are rejected at checkout",
		text:    "Gift cards bought since yesterday are rejected with 'unknown code'. Older ones work.",
		detail:  detail{impact: "About 30 customers so far.", since: 10 * time.Hour},
	},
}
