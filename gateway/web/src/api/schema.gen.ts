// Made from proto/gen/openapi/openapi.json by `npm run schema`. Do not edit.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jwks returns the public keys of access tokens. */
        get: operations["Jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** UploadAttachment takes one file as the body, at most 25 MiB. Its id then goes into attachments of a ticket, reply or note; a file that none names within 24 hours goes away. The server finds out the type by itself: Content-Type is not looked at. Programs for Windows are refused by their names (400, PROGRAM). 413 ATTACHMENT_TOO_LARGE; 429 UNCLAIMED_LIMIT when the files that no message has would be more than 100 MiB. */
        post: operations["UploadAttachment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/attachments/{attachment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** DownloadAttachment sends the content of a file of a message that the caller may read, or of one that the caller has uploaded and no message has yet; 404 otherwise. It is always sent as a file to be saved. The ETag is the SHA-256 of the content; one range of bytes can be asked for. HEAD tells without the content whether the file is there. */
        get: operations["DownloadAttachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Login opens a login session and puts it into an HttpOnly cookie. A wrong address and a wrong password get the same answer. */
        post: operations["Login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Logout ends the login session of the cookie; tokens made from it are refused within two seconds. */
        post: operations["Logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calendarFeeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListCalendarFeeds returns the caller's, without their URLs. */
        get: operations["ListCalendarFeeds"];
        put?: never;
        /**
         * CreateCalendarFeed makes a feed of the caller's, in place of an earlier one of
         *     the same: its URL no longer works.
         */
        post: operations["CreateCalendarFeed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calendarFeeds/{calendarFeed}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** DeleteCalendarFeed revokes a feed of the caller's; supervisors revoke anybody's. */
        delete: operations["DeleteCalendarFeed"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListContacts returns how a person is reached; engineers see only their own. */
        get: operations["ListContacts"];
        put?: never;
        /**
         * CreateContact adds a way to reach a person, after those the person has. It is
         *     used once it is verified: a code of six digits is sent to it.
         */
        post: operations["CreateContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts/{contact}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** DeleteContact removes a contact, also from its person's notification rules. */
        delete: operations["DeleteContact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts/{contact}:sendCode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * SendContactCode sends a contact another code, and voids the one before.
         *     RESOURCE_EXHAUSTED within half a minute of the last code.
         */
        post: operations["SendContactCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts/{contact}:test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * TestContact sends a page to a contact that says it is a test, and waits for what
         *     comes of it. FAILED_PRECONDITION unless the contact is verified,
         *     RESOURCE_EXHAUSTED within half a minute of the last test.
         */
        post: operations["TestContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts/{contact}:verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * VerifyContact takes the code that was sent to a contact, which is used for pages
         *     from then on. A wrong one is an INVALID_ARGUMENT; after ten minutes or five tries
         *     the code is void, a FAILED_PRECONDITION. A contact that is verified is returned.
         */
        post: operations["VerifyContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{delivery}:resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ResendDelivery sends a mail again at once, with the same Message-ID. */
        post: operations["ResendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListDrills"];
        put?: never;
        /** StartDrill begins a drill now. FAILED_PRECONDITION while another one goes on. */
        post: operations["StartDrill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drills/{drill}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["GetDrill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drillSchedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["GetDrillSchedule"];
        /**
         * SetDrillSchedule says when there is a drill each week, in place of what was
         *     said before.
         */
        put: operations["SetDrillSchedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/escalationPolicies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListEscalationPolicies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/escalationPolicies/{escalationPolicy}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetEscalationPolicy returns a policy; NOT_FOUND until it was made. */
        get: operations["GetEscalationPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * UpdateEscalationPolicy changes a policy, or makes it with allow_missing. One
         *     whose steps reach nobody in the next seven days is refused. Open pages keep the policy that they began with.
         */
        patch: operations["UpdateEscalationPolicy"];
        trace?: never;
    };
    "/v1/inboundMails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListInboundMails returns the mails that came in, the newest first. */
        get: operations["ListInboundMails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inboundMails/{inboundMail}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetInboundMail returns one with its text. */
        get: operations["GetInboundMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inboundMails/{inboundMail}:discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * DiscardInboundMail takes a mail out of the quarantine for good, as nothing that
         *     belongs on a ticket. It stays in the log. FAILED_PRECONDITION:
         *     MAIL_NOT_QUARANTINED.
         */
        post: operations["DiscardInboundMail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inboundMails/{inboundMail}:release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * ReleaseInboundMail has a mail of the quarantine appended to its ticket, as
         *     that of whom its address was given to. FAILED_PRECONDITION:
         *     MAIL_NOT_QUARANTINED, or MAIL_OF_NO_TICKET.
         */
        post: operations["ReleaseInboundMail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inboundMails/{inboundMail}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** DownloadInboundMail sends a mail that came in as it came, always as a file to be saved. 404 MAIL_FORGOTTEN when only its row is left: the mail itself goes after its time, and with a message of it that was redacted. HEAD tells without the content whether the mail is there. */
        get: operations["DownloadInboundMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetSelf returns who the caller is. */
        get: operations["GetSelf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** UpdateSelf changes name, zone, language or password. */
        patch: operations["UpdateSelf"];
        trace?: never;
    };
    "/v1/me/apiTokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListApiTokens"];
        put?: never;
        /**
         * CreateApiToken makes a token for scripts. Its secret is shown only now. It
         *     takes a login session: no API token can make another.
         */
        post: operations["CreateApiToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/apiTokens/{apiToken}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["DeleteApiToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/noticePreferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * GetNoticePreferences returns the caller's own; the defaults when nothing was
         *     chosen.
         */
        get: operations["GetNoticePreferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** UpdateNoticePreferences changes the caller's own. */
        patch: operations["UpdateNoticePreferences"];
        trace?: never;
    };
    "/v1/me/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * ListNotices returns what happened within the last day and concerns the caller,
         *     newest first: on tickets of theirs, on those of their teams that nobody had, and
         *     in the quarantine. What was chosen about mails changes nothing of it.
         */
        get: operations["ListNotices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListLoginSessions returns the caller's own login sessions. */
        get: operations["ListLoginSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{loginSession}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** DeleteLoginSession ends one; its tokens are refused within two seconds. */
        delete: operations["DeleteLoginSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notificationRules/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * GetNotificationRules returns how a person wants to be notified, without steps and
         *     quiet hours while nobody has said so. Only supervisors see those of others.
         */
        get: operations["GetNotificationRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * UpdateNotificationRules changes how a person is notified from now on. Urgent steps
         *     none of whose contacts is verified are refused. Only supervisors change those of others.
         */
        patch: operations["UpdateNotificationRules"];
        trace?: never;
    };
    "/v1/onCall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** WhoIsOnCall answers for an instant: a pure function of the configuration and the time. */
        get: operations["WhoIsOnCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/onCall:notice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * GetOnCallNotice tells whom an urgent incident would page at once, chosen as the
         *     pager chooses. It is for everybody who may open one.
         */
        get: operations["GetOnCallNotice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListOrganizations returns those that the caller may see: a member's own, or all. */
        get: operations["ListOrganizations"];
        put?: never;
        post: operations["CreateOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organization}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["GetOrganization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["UpdateOrganization"];
        trace?: never;
    };
    "/v1/organizations/{organization}/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * ListApplications returns applications with environments, of one organization or,
         *     for "-", of all that the caller sees; members limited to some applications get
         *     those.
         */
        get: operations["ListApplications"];
        put?: never;
        /** CreateApplication makes an application with its environments. */
        post: operations["CreateApplication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organization}/applications/{application}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["DeleteApplication"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organization}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListMembers"];
        put?: never;
        post: operations["CreateMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organization}/members/{member}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** DeleteMember removes a member; nothing can be done or seen with an old token. */
        delete: operations["DeleteMember"];
        options?: never;
        head?: never;
        /**
         * UpdateMember changes name, role, applications or disabled. A narrower role
         *     ends the member's tokens within two seconds.
         */
        patch: operations["UpdateMember"];
        trace?: never;
    };
    "/v1/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListPages"];
        put?: never;
        /**
         * OpenPage pages the on-call engineers about a ticket by hand. While a page
         *     of the ticket is open, that one is returned; one of which no step is left
         *     begins again from the first.
         */
        post: operations["OpenPage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pages/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetPage returns a page with its whole history. */
        get: operations["GetPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pages/{page}:acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * AcknowledgePage makes the caller the owner. If somebody else was first, the
         *     page is returned unchanged: look at acknowledged_by.
         */
        post: operations["AcknowledgePage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pages/{page}:escalate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * EscalatePage begins the next step now. When no step is left paging begins again
         *     from the first one, with new deliveries.
         */
        post: operations["EscalatePage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pages/{page}:snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * SnoozePage says when an acknowledged page begins again unless its incident is
         *     over by then, whatever its policy says of forgotten acknowledgements.
         *     FAILED_PRECONDITION unless the page is acknowledged.
         */
        post: operations["SnoozePage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pages/{page}:unacknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * UnacknowledgePage takes an acknowledgement back: paging begins again from the
         *     first step, with new deliveries. FAILED_PRECONDITION unless the page is
         *     acknowledged.
         */
        post: operations["UnacknowledgePage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * DeleteSchedule deletes a schedule with its overrides. FAILED_PRECONDITION while
         *     an escalation policy names it; the error's metadata "policies" has their ids.
         */
        delete: operations["DeleteSchedule"];
        options?: never;
        head?: never;
        /** UpdateSchedule changes a schedule, or makes it with allow_missing. */
        patch: operations["UpdateSchedule"];
        trace?: never;
    };
    "/v1/schedules/{schedule}:swap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** CreateSwap lets two people stand in for each other: two overrides, both or none. */
        post: operations["CreateSwap"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/overrides": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListOverrides"];
        put?: never;
        /** CreateOverride makes an exception for an interval, a temporary schedule as well. */
        post: operations["CreateOverride"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/overrides/{override}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["DeleteOverride"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule}/shifts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListShifts is the calendar of a schedule, by the rules by which people are paged. */
        get: operations["ListShifts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/site": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetSite tells what a page needs before anybody has logged in. */
        get: operations["GetSite"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slaPolicies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListSlaPolicies returns the targets per plan. */
        get: operations["ListSlaPolicies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ListStaff"];
        put?: never;
        post: operations["CreateStaff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/{staff.id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["UpdateStaff"];
        trace?: never;
    };
    "/v1/suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * ListSuppressions returns the addresses that get no correspondence for now,
         *     because mails to them came back. Pages are sent to them all the same.
         */
        get: operations["ListSuppressions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/suppressions/{suppression}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** DeleteSuppression has an address get mail again. */
        delete: operations["DeleteSuppression"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListTickets pages through the tickets that the caller may see, newest change first. */
        get: operations["ListTickets"];
        put?: never;
        /** CreateTicket opens a ticket. An urgent incident pages the on-call engineers at once. */
        post: operations["CreateTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets:batchGet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** BatchGetTickets returns those of the named tickets that the caller may see. */
        get: operations["BatchGetTickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets:batchUpdate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** BatchUpdateTickets changes up to 100 tickets, each for itself: one that fails stops none. */
        post: operations["BatchUpdateTickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets:count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** CountTickets counts the tickets of a list, up to 1,000. */
        get: operations["CountTickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets:watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** WatchTickets sends every ticket that changes while the caller may see it, as server-sent events: `ticket` with the ticket after the change, `removed` with the number of a ticket that was marked as spam or deleted, `presence` (to staff) with the number of a ticket where somebody came, went or began to write, `resync` when too much was missed, `end` when the client should come back. The id of each event resumes after it. */
        get: operations["WatchTickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetTicket returns a ticket that the caller may see; NOT_FOUND otherwise. */
        get: operations["GetTicket"];
        put?: never;
        post?: never;
        /**
         * DeleteTicket hides a ticket from everybody but supervisors and admins, who find
         *     it by is:deleted. After 30 days it is purged with its conversation.
         */
        delete: operations["DeleteTicket"];
        options?: never;
        head?: never;
        /**
         * UpdateTicket changes fields. Members may change priority and incident of
         *     their open incidents; all else is staff's.
         */
        patch: operations["UpdateTicket"];
        trace?: never;
    };
    "/v1/tickets/{ticket}:addCcs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** AddCcs adds people who get copies; each is mailed the conversation so far. */
        post: operations["AddCcs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** AssignTicket gives a ticket to a person of the staff, a team, or nobody. */
        post: operations["AssignTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:changeRequester": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * ChangeRequester has a ticket be another member's of its organization, who is
         *     mailed the conversation so far. The former requester becomes a CC. A ticket of
         *     the organization "unassigned", which came by mail from an unproven sender, moves
         *     to the member's organization; the sender becomes no CC.
         */
        post: operations["ChangeRequester"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:changeType": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * ChangeType makes a ticket one of another type. What the new type has a field
         *     for moves there, the rest of the old type's part into an internal note. What
         *     was an urgent incident pages no more.
         */
        post: operations["ChangeType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:explainSla": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ExplainSla says why a ticket is due when it is. */
        get: operations["ExplainSla"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:markRead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** MarkRead records how far the caller has read. */
        post: operations["MarkRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:markSpam": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * MarkSpam takes a ticket out of all lists but is:spam; the customer does not find
         *     it any more, and paging and unsent mail end.
         */
        post: operations["MarkSpam"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:markUnread": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** MarkUnread makes the ticket unread for the caller, whoever wrote last, until MarkRead. */
        post: operations["MarkUnread"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * MergeTicket closes a duplicate: what it was about goes on in another ticket of the
         *     same organization, which gets its requester and CCs who are members as CCs, and
         *     what is answered to the duplicate from now on. Messages stay where they are. Who is
         *     paged about the duplicate is paged about the other, which becomes an urgent
         *     incident if only the duplicate was one.
         */
        post: operations["MergeTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** AddNote adds a message that only staff can read. */
        post: operations["AddNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** GetPresence answers who else is at a ticket. WatchTickets says when that changes. */
        get: operations["GetPresence"];
        put?: never;
        /**
         * ReportPresence says what the caller does at a ticket, and answers who else is
         *     there. Repeat it every 15 seconds: after 40 the caller counts as gone. Reports of
         *     one page of a browser may overtake each other on their way: page and sequence tell
         *     the server which of them is the last.
         */
        post: operations["ReportPresence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:redact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * RedactField replaces text of the subject, or of a field of the ticket's type, by
         *     "[redacted]", for good and wherever the suite keeps it: the history forgets all
         *     former values of the field. That of another type, which the ticket had before, is
         *     redacted in the history. The history says who, when, which field and why.
         */
        post: operations["RedactField"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:removeCc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** RemoveCc removes one. */
        post: operations["RemoveCc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ReopenTicket opens a solved ticket again. */
        post: operations["ReopenTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * ReplyToTicket adds a public message. A member's reply reopens a pending or
         *     solved ticket; a reply to a closed one opens a linked follow-up.
         */
        post: operations["ReplyToTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * RestoreTicket undoes MarkSpam and DeleteTicket. An incident that is still urgent
         *     pages again. What was deleted only supervisors and admins can restore.
         */
        post: operations["RestoreTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}:solve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** SolveTicket marks a ticket solved; it closes by itself seven days later. */
        post: operations["SolveTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListDeliveries returns the mails of a ticket, one per message and person. */
        get: operations["ListDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListEvents pages through the history, oldest first. Members see their part. */
        get: operations["ListEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListMessages pages through the conversation, oldest first. Notes only for staff. */
        get: operations["ListMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket}/messages/{message}:redact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * RedactMessage replaces text of a message by "[redacted]", for good and wherever
         *     the suite keeps it. The history says who, when and why, never what. Mails that
         *     were sent cannot be called back.
         */
        post: operations["RedactMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/triage:evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** EvaluateTicket says what triage would decide, and saves nothing. */
        post: operations["EvaluateTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ListViews pages through the caller's views and the shared ones, by position. */
        get: operations["ListViews"];
        put?: never;
        /** CreateView adds a view. One person can have 50. */
        post: operations["CreateView"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/{view}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** DeleteView removes a view. */
        delete: operations["DeleteView"];
        options?: never;
        head?: never;
        /** UpdateView changes the fields of update_mask. */
        patch: operations["UpdateView"];
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Activity is what somebody does at a ticket.
         *
         *      - ACTIVITY_TYPING: Writes an answer or a note.
         *      - ACTIVITY_LEFT: Has closed it. Only reported.
         * @default ACTIVITY_UNSPECIFIED
         * @enum {string}
         */
        Activity: "ACTIVITY_UNSPECIFIED" | "ACTIVITY_VIEWING" | "ACTIVITY_TYPING" | "ACTIVITY_LEFT";
        /**
         * @description `Any` contains an arbitrary serialized protocol buffer message along with a
         *     URL that describes the type of the serialized message.
         *
         *     In its binary encoding, an `Any` is an ordinary message; but in other wire
         *     forms like JSON, it has a special encoding. The format of the type URL is
         *     described on the `type_url` field.
         *
         *     Protobuf APIs provide utilities to interact with `Any` values:
         *
         *     - A 'pack' operation accepts a message and constructs a generic `Any` wrapper
         *       around it.
         *     - An 'unpack' operation reads the content of an `Any` message, either into an
         *       existing message or a new one. Unpack operations must check the type of the
         *       value they unpack against the declared `type_url`.
         *     - An 'is' operation decides whether an `Any` contains a message of the given
         *       type, i.e. whether it can 'unpack' that type.
         *
         *     The JSON format representation of an `Any` follows one of these cases:
         *
         *     - For types without special-cased JSON encodings, the JSON format
         *       representation of the `Any` is the same as that of the message, with an
         *       additional `@type` field which contains the type URL.
         *     - For types with special-cased JSON encodings (typically called 'well-known'
         *       types, listed in https://protobuf.dev/programming-guides/json/#any), the
         *       JSON format representation has a key `@type` which contains the type URL
         *       and a key `value` which contains the JSON-serialized value.
         *
         *     The text format representation of an `Any` is like a message with one field
         *     whose name is the type URL in brackets. For example, an `Any` containing a
         *     `foo.Bar` message may be written `[type.googleapis.com/foo.Bar] { a: 2 }`.
         */
        Any: {
            /**
             * @description Identifies the type of the serialized Protobuf message with a URI reference
             *     consisting of a prefix ending in a slash and the fully-qualified type name.
             *
             *     Example: type.googleapis.com/google.protobuf.StringValue
             *
             *     This string must contain at least one `/` character, and the content after
             *     the last `/` must be the fully-qualified name of the type in canonical
             *     form, without a leading dot. Do not write a scheme on these URI references
             *     so that clients do not attempt to contact them.
             *
             *     The prefix is arbitrary and Protobuf implementations are expected to
             *     simply strip off everything up to and including the last `/` to identify
             *     the type. `type.googleapis.com/` is a common default prefix that some
             *     legacy implementations require. This prefix does not indicate the origin of
             *     the type, and URIs containing it are not expected to respond to any
             *     requests.
             *
             *     All type URL strings must be legal URI references with the additional
             *     restriction (for the text format) that the content of the reference
             *     must consist only of alphanumeric characters, percent-encoded escapes, and
             *     characters in the following set (not including the outer backticks):
             *     `/-.~_!$&()*+,;=`. Despite our allowing percent encodings, implementations
             *     should not unescape them to prevent confusion with existing parsers. For
             *     example, `type.googleapis.com%2FFoo` should be rejected.
             *
             *     In the original design of `Any`, the possibility of launching a type
             *     resolution service at these type URLs was considered but Protobuf never
             *     implemented one and considers contacting these URLs to be problematic and
             *     a potential security issue. Do not attempt to contact type URLs.
             */
            "@type"?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description ApiToken is a token for scripts, without its secret. */
        ApiToken: {
            /** Format: date-time */
            createTime?: string;
            /** Format: date-time */
            expireTime?: string;
            id?: string;
            /** Format: date-time */
            lastUseTime?: string;
            name?: string;
            /** @description What the token is limited to; empty: all that its owner may do. */
            scopes?: components["schemas"]["policy.v1.Scope"][];
        };
        /** @description Application is an Altis instance. */
        Application: {
            environments?: components["schemas"]["Environment"][];
            id?: string;
            name?: string;
            organization?: string;
        };
        /** @description Attachment is a file of a message. It never changes. */
        Attachment: {
            /** @description Of the content, as the server found it. */
            contentType?: string;
            /** Format: date-time */
            createTime?: string;
            /** @description Cleaned: no folders, no characters that are not seen. */
            filename?: string;
            id?: string;
            /** @description Of the content, in hexadecimal. */
            sha256?: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size?: string;
        };
        BatchGetTicketsResponse: {
            tickets?: components["schemas"]["Ticket"][];
        };
        BatchUpdateTicketsRequest: {
            /**
             * @description Makes retries safe for 24 hours: what was changed is not changed again, what
             *     failed is tried again. The same id with other updates is ALREADY_EXISTS.
             */
            requestId?: string;
            /** @description Each names another ticket. */
            updates: components["schemas"]["TicketUpdate"][];
        };
        BatchUpdateTicketsResponse: {
            /** @description One per update, in the order of the request. */
            results?: components["schemas"]["TicketUpdateResult"][];
        };
        /** @description CalendarFeed is a subscription of a person's. */
        CalendarFeed: {
            /** Format: date-time */
            createTime?: string;
            id?: string;
            /**
             * Format: date-time
             * @description When its URL was last read, to an hour at most; unset: never. Output only.
             */
            readonly lastReadTime?: string;
            /** @description Id of the schedule that it shows; unset for the owner's own duties. */
            schedule?: string;
            /** @description Only from CreateCalendarFeed: it is not kept. */
            url?: string;
        };
        /** @description Contact is a way to reach a person. */
        Contact: {
            /**
             * @description URL, e-mail address or phone number, whose country must be given (E.164); of PagerDuty where its account takes events, such as
             *     https://events.eu.pagerduty.com/v2/enqueue; of Opsgenie the API of its account, https://api.opsgenie.com or
             *     https://api.eu.opsgenie.com. The URLs of Teams and Mattermost are secrets: what is returned is their
             *     host and their last four characters.
             */
            address?: string;
            channel?: components["schemas"]["Contact.Channel"];
            /** @description Why its last code was refused for good: nothing is tried again. Unset of a verified one. Output only. */
            readonly codeAnswer?: components["schemas"]["DeliveryAnswer"];
            /**
             * Format: date-time
             * @description When its code ends, or has ended. Unset of a verified one. Output only.
             */
            readonly codeExpireTime?: string;
            /**
             * Format: int32
             * @description How often a wrong code may be entered still; 0 of one that is not verified: its code is void. Output only.
             */
            readonly codeTriesLeft?: number;
            id?: string;
            /**
             * Format: date-time
             * @description From when on another code can be sent. Unset of a verified one. Output only.
             */
            readonly nextCodeTime?: string;
            person?: string;
            /**
             * Format: int32
             * @description Order among the person's contacts, from 1.
             */
            position?: number;
            /**
             * @description Webhooks: the signing secret, "whsec_..."; made when not given. PagerDuty: the integration key, Opsgenie: the API key of
             *     an integration, which must be given.
             *     Returned only by CreateContact.
             */
            secret?: string;
            /**
             * Format: date-time
             * @description When its code was entered; unset: the contact is not used yet. Output only.
             */
            readonly verifyTime?: string;
        };
        /**
         * @description How.
         *
         *      - CHANNEL_WEBHOOK: Standard Webhooks POST.
         *      - CHANNEL_PAGERDUTY: PagerDuty Events API v2: an alert for each delivery, acknowledged and resolved with its page.
         *      - CHANNEL_TEAMS: Microsoft Teams: a card in a chat, by a workflow.
         *      - CHANNEL_MATTERMOST: Mattermost: a message in a channel, by an incoming webhook.
         *      - CHANNEL_OPSGENIE: Opsgenie Alert API: an alert for each delivery, acknowledged and closed with its page.
         *      - CHANNEL_SMS: A text message to a phone, by the Twilio account of the installation.
         * @default CHANNEL_UNSPECIFIED
         * @enum {string}
         */
        "Contact.Channel": "CHANNEL_UNSPECIFIED" | "CHANNEL_WEBHOOK" | "CHANNEL_EMAIL" | "CHANNEL_PAGERDUTY" | "CHANNEL_TEAMS" | "CHANNEL_MATTERMOST" | "CHANNEL_OPSGENIE" | "CHANNEL_SMS";
        CountTicketsResponse: {
            /**
             * Format: int32
             * @description Tickets, and those of them that the caller has not read.
             */
            count?: number;
            filterIssues?: components["schemas"]["FilterIssue"][];
            /** @description There are more than 1,000; what follows them was not looked at. */
            more?: boolean;
            /** Format: int32 */
            unreadCount?: number;
        };
        CreateApiTokenRequest: {
            /** @description At most 366 days; unset means 90. */
            lifetime?: string;
            name?: string;
            /**
             * @description Empty: all that its owner may do, but for making API tokens. They cannot be
             *     changed later. Calls of other methods are PERMISSION_DENIED SCOPE_MISSING,
             *     with the missing scope in the metadata.
             */
            scopes?: components["schemas"]["policy.v1.Scope"][];
        };
        CreateApiTokenResponse: {
            apiToken?: components["schemas"]["ApiToken"];
            /** @description Starts with "altis_". Shown only now. */
            secret?: string;
        };
        CreateCalendarFeedRequest: {
            /** @description Id of a schedule; unset means the caller's own duties on all schedules. */
            schedule?: string;
        };
        CreateStaffRequest: {
            password?: string;
            staff: components["schemas"]["Staff"];
        };
        CreateSwapResponse: {
            /** @description The two, of the kind KIND_REPLACE. */
            overrides?: components["schemas"]["Override"][];
        };
        DeleteCalendarFeedResponse: Record<string, never>;
        /**
         * @description DeliveryAnswer is what came of an attempt to deliver a page or a mail: in
         *     kind, and in those of the fields that the kind names.
         */
        DeliveryAnswer: {
            after?: string;
            kind?: components["schemas"]["DeliveryAnswer.Kind"];
            /** @description In the provider's own words, without secrets. */
            said?: string;
            /** @description The answer in English, made from the other fields. */
            text?: string;
        };
        /**
         * @description - KIND_PROVIDER: The provider answered, or something went wrong on the way to it: said.
         *      - KIND_LATE: There was no answer in time.
         *      - KIND_WAITING: There has been no answer so far, but it may still come: after.
         *      - KIND_FORBIDDEN: Webhooks are not sent to such an address.
         *      - KIND_CONTACT_DELETED: Not sent: the contact was deleted.
         *      - KIND_NO_NOTICE: Not sent: the notice of the page cannot be read.
         *      - KIND_NO_MAIL: Not sent: the mail cannot be written.
         *      - KIND_GIVEN_UP: Tried for five days: said.
         *      - KIND_TICKET_SPAM: Not sent: the ticket was marked as spam.
         *      - KIND_TICKET_DELETED: Not sent: the ticket was deleted.
         *      - KIND_BOUNCED: The mail was accepted and came back: said, by the server that sent it back.
         *      - KIND_SUPPRESSED: Not sent: mails to the address came back before: said.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "DeliveryAnswer.Kind": "KIND_UNSPECIFIED" | "KIND_PROVIDER" | "KIND_LATE" | "KIND_WAITING" | "KIND_FORBIDDEN" | "KIND_CONTACT_DELETED" | "KIND_NO_NOTICE" | "KIND_NO_MAIL" | "KIND_GIVEN_UP" | "KIND_TICKET_SPAM" | "KIND_TICKET_DELETED" | "KIND_BOUNCED" | "KIND_SUPPRESSED";
        "DirectoryService.CreateMemberBody": {
            /** @description Member is a person of a customer's organization. */
            member: {
                /** @description Empty: organization-wide. Else limited to these applications. */
                applications?: string[];
                disabled?: boolean;
                email?: string;
                id?: string;
                locale?: string;
                name?: string;
                role?: components["schemas"]["MemberRole"];
                timeZone?: string;
            };
            /** @description First password; the member changes it. */
            password?: string;
        };
        /** @description Drill is one drill. */
        Drill: {
            /** Format: date-time */
            acceptTime?: string;
            /** @description The targets. */
            acceptWithin?: string;
            acknowledgedBy?: components["schemas"]["Person"];
            /** Format: date-time */
            acknowledgeTime?: string;
            acknowledgeWithin?: string;
            /**
             * Format: date-time
             * @description When the supervisors were mailed that a target was missed; unset otherwise.
             */
            alarmTime?: string;
            /** Format: date-time */
            createTime?: string;
            /** Format: date-time */
            endTime?: string;
            id?: string;
            /** @description Id of its page, which tells more. */
            page?: string;
            /** @description Who began it; unset for those of the schedule. */
            startedBy?: components["schemas"]["Person"];
            state?: components["schemas"]["Drill.State"];
        };
        /**
         * @description - STATE_PASSED: Accepted and acknowledged in time.
         *      - STATE_NOT_ACCEPTED: No provider took a page in time; perhaps one did later.
         *      - STATE_NOT_ACKNOWLEDGED: A provider did, but nobody acknowledged in time.
         * @default STATE_UNSPECIFIED
         * @enum {string}
         */
        "Drill.State": "STATE_UNSPECIFIED" | "STATE_RUNNING" | "STATE_PASSED" | "STATE_NOT_ACCEPTED" | "STATE_NOT_ACKNOWLEDGED";
        /** @description DrillSchedule is when there is a drill each week. */
        DrillSchedule: {
            acceptWithin?: string;
            acknowledgeWithin?: string;
            enabled?: boolean;
            /**
             * Format: date-time
             * @description When the next one begins; unset unless enabled.
             */
            nextTime?: string;
            /** @description "10:30", on the clock of the time zone. */
            time?: string;
            /** @description IANA, "Europe/Berlin". */
            timeZone?: string;
            /**
             * Format: int32
             * @description 1 = Monday to 7 = Sunday.
             */
            weekday?: number;
        };
        /** @description Duty is a person on call and why. */
        Duty: {
            /**
             * Format: int32
             * @description The layer's number from 1, of the schedule or of a temporary one; 0 = of none.
             */
            layer?: number;
            /** @description The override that did it, if any. */
            override?: string;
            person?: components["schemas"]["Person"];
        };
        /** @description Environment belongs to an application. */
        Environment: {
            id?: string;
            kind?: components["schemas"]["Environment.Kind"];
            name?: string;
        };
        /**
         * @description What it is for.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "Environment.Kind": "KIND_UNSPECIFIED" | "KIND_PRODUCTION" | "KIND_STAGING" | "KIND_DEVELOPMENT";
        /**
         * @description EscalationPolicy is who is paged, in which order. Pages go by the one of the id
         *     "default", and there can be no other yet.
         */
        EscalationPolicy: {
            /**
             * @description An acknowledged page begins again after this time unless the ticket is
             *     solved or answered by staff; unset means never.
             */
            acknowledgeTimeout?: string;
            /** @description Changes with the policy. An update that names another one is ABORTED. */
            etag?: string;
            /** @description Person ids paged after the last step, and whenever nobody else is reached. */
            fallback?: string[];
            id?: string;
            /**
             * Format: int32
             * @description How often the steps are gone through, 1 to 10.
             */
            loops?: number;
            steps?: components["schemas"]["EscalationStep"][];
        };
        /** @description EscalationStep pages its targets and waits. */
        EscalationStep: {
            /**
             * @description "schedule:ID" is whoever is on call, "everyone:ID" all people of the layers of a
             *     schedule and whoever is on call, "person:ID" one person.
             */
            targets?: string[];
            /** @description Time until the next step, 1 second to 24 hours. */
            timeout?: string;
        };
        EvaluateTicketRequest: {
            description?: string;
            /**
             * Format: date-time
             * @description End of the window of a task.
             */
            latestTime?: string;
            /** @description Staff name the organization; members' own is used. */
            organization?: string;
            priority?: components["schemas"]["Priority"];
            scope?: components["schemas"]["ticket.v1.Scope"];
            subject?: string;
            type?: components["schemas"]["TicketType"];
        };
        EvaluateTicketResponse: {
            /** Format: date-time */
            firstResponseDueTime?: string;
            /** @description Creating this ticket would page the on-call engineers. */
            pages?: boolean;
            /** @description Unset for members when the type is not an incident. */
            priority?: components["schemas"]["Priority"];
            /** @description Staff only. */
            priorityReason?: string;
            /** Format: date-time */
            resolutionDueTime?: string;
            slaPolicy?: string;
        };
        /**
         * @description What happened.
         *
         *      - KIND_PAGE_CHANGED: From notification: paging, delivered, acknowledged, exhausted, resolved.
         *      - KIND_TRIAGED: From triage: due instants, priority, team.
         *      - KIND_MARKED_SPAM: The next three only for staff.
         *      - KIND_MERGED_INTO: This ticket was merged into other_ticket, which closed it.
         *      - KIND_MERGED_FROM: other_ticket was merged into this one.
         *      - KIND_FIELD_REDACTED: Text of a field was redacted. The change with the new value "[redacted]" names the field.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "Event.Kind": "KIND_UNSPECIFIED" | "KIND_CREATED" | "KIND_REPLIED" | "KIND_NOTE_ADDED" | "KIND_STATUS_CHANGED" | "KIND_PRIORITY_CHANGED" | "KIND_ASSIGNEE_CHANGED" | "KIND_CCS_CHANGED" | "KIND_FIELDS_CHANGED" | "KIND_PAGE_CHANGED" | "KIND_TRIAGED" | "KIND_REQUESTER_CHANGED" | "KIND_TYPE_CHANGED" | "KIND_MESSAGE_REDACTED" | "KIND_MARKED_SPAM" | "KIND_DELETED" | "KIND_RESTORED" | "KIND_MERGED_INTO" | "KIND_MERGED_FROM" | "KIND_FIELD_REDACTED";
        ExplainSlaResponse: {
            /** Format: date-time */
            firstResponseDueTime?: string;
            priority?: components["schemas"]["Priority"];
            /** @description The same, from which those sentences are made. */
            reasoning?: components["schemas"]["SlaStep"][];
            /** Format: date-time */
            resolutionDueTime?: string;
            slaPolicy?: string;
            /** @description The reasoning, one English sentence each, in order. */
            steps?: string[];
        };
        /** @description FieldChange is a change of one field, as text. */
        FieldChange: {
            field?: string;
            newValue?: string;
            oldValue?: string;
        };
        /** @description FilterIssue is a term of a filter that was not understood. */
        FilterIssue: {
            /** Format: int32 */
            length?: number;
            /**
             * Format: int32
             * @description Position in the filter, in Unicode code points.
             */
            offset?: number;
            /** @description Such as UNKNOWN_KEY or UNKNOWN_VALUE. */
            reason?: string;
            suggestions?: string[];
        };
        /** @description InboundMail is a mail that came in, and what became of it. */
        InboundMail: {
            /**
             * Format: int32
             * @description How often the same mail came.
             */
            copies?: number;
            /** Format: date-time */
            decideTime?: string;
            /** @description The delivery that came back. */
            delivery?: string;
            /** @description More about it, in words of the mail or of a mail server. */
            detail?: string;
            /** @description Whom errors go to; empty for a bounce. */
            envelopeFrom?: string;
            /** @description Names of its files; only by GetInboundMail. */
            files?: string[];
            /**
             * @description Its header fields that tell whom it is from, what it answers and by which servers
             *     it came, in their order; only by GetInboundMail.
             */
            headers?: components["schemas"]["MailHeader"][];
            /**
             * @description Whom the address was given to; of a mail to the desk's own address the customer
             *     who was proven to have written it.
             */
            holder?: components["schemas"]["Person"];
            id?: string;
            /** @description The mail as it came is kept and can be downloaded; only by GetInboundMail. */
            kept?: boolean;
            message?: string;
            messageId?: string;
            /**
             * @description Why, such as OTHER_SENDER; empty when there is nothing to say. It stays when
             *     the mail is released or discarded.
             */
            reason?: string;
            /** Format: date-time */
            receiveTime?: string;
            /** @description Address of ours that it came to. */
            recipient?: string;
            /** @description Who released it from the quarantine, or discarded it. */
            releaser?: components["schemas"]["Person"];
            /** Format: date-time */
            releaseTime?: string;
            /** @description IP address of the mail server that brought it. */
            remote?: string;
            /**
             * Format: int64
             * @description The ticket that has its message, and the message.
             */
            replyTicket?: string;
            /**
             * @description It came to the desk's own address: released it becomes a ticket of its own, of the
             *     holder or, without one, of nobody.
             */
            request?: boolean;
            /** @description The author as the mail names them, which anybody can write. */
            sender?: string;
            senderName?: string;
            /** Format: int64 */
            size?: string;
            /**
             * @description What the domain of envelope_from says of the mail server that brought it (SPF): "pass",
             *     "fail", "softfail", "neutral", "none", "permerror" or "temperror"; empty when it was
             *     not asked. A pass that is aligned with the author's domain vouches for customers as a
             *     signature does, for staff it does not.
             */
            spf?: string;
            subject?: string;
            /** @description What it says, up to 65,536 characters; only by GetInboundMail. */
            text?: string;
            /**
             * Format: int64
             * @description The ticket that the address belongs to; 0 for none.
             */
            ticket?: string;
            /** @description It came over an encrypted connection. */
            tls?: boolean;
            /**
             * @description "waiting" (not examined yet), "appended", "created" (a ticket of its own, or a
             *     follow-up of a closed one), "quarantined", "rejected" (there is nothing in it, or it
             *     was discarded), "ignored", or "recorded" (a bounce or complaint, with the delivery
             *     that it is about, or a CC wants no more copies).
             */
            verdict?: string;
            /**
             * @description The author's domain vouches for the mail. It is looked at when the verdict
             *     hangs on it.
             */
            verified?: boolean;
        };
        /** @description IncidentDetails is the part only incidents have. */
        IncidentDetails: {
            /** @description Where the engineer can call back. */
            callbackNumber?: string;
            /** @description What users cannot do. */
            impact?: string;
            /**
             * Format: date-time
             * @description Since when service is hurt.
             */
            sinceTime?: string;
        };
        /** @description Jwk is one Ed25519 key, RFC 8037. */
        Jwk: {
            alg?: string;
            crv?: string;
            kid?: string;
            kty?: string;
            use?: string;
            x?: string;
        };
        /** @description JwksResponse is an RFC 7517 key set. */
        JwksResponse: {
            keys?: components["schemas"]["Jwk"][];
        };
        /** @description Layer is a rotation of people who take turns. */
        Layer: {
            /** @description When the layer ends, on the wall; empty means never. */
            end?: string;
            /**
             * Format: int32
             * @description Of a turn, in units, 1 to 100.
             */
            length?: number;
            name?: string;
            /**
             * @description Person ids in order. Without anybody it says that nobody is meant to be on call
             *     while no other layer has somebody.
             */
            people?: string[];
            /** @description The layer applies during any of them; none means always. */
            restrictions?: components["schemas"]["Restriction"][];
            /** @description First hand-over on the wall, such as 2026-11-02T09:00; the first person begins. */
            start?: string;
            unit?: components["schemas"]["Layer.Unit"];
        };
        /**
         * @description Unit is what the length of a turn is counted in.
         *
         *      - UNIT_MONTH: From the 29th to the 31st on: in shorter months on their last day.
         * @default UNIT_UNSPECIFIED
         * @enum {string}
         */
        "Layer.Unit": "UNIT_UNSPECIFIED" | "UNIT_HOUR" | "UNIT_DAY" | "UNIT_WEEK" | "UNIT_MONTH";
        ListApiTokensResponse: {
            /** @description Newest first. */
            apiTokens?: components["schemas"]["ApiToken"][];
            nextPageToken?: string;
        };
        ListApplicationsResponse: {
            /** @description By name, whatever the case. */
            applications?: components["schemas"]["Application"][];
            nextPageToken?: string;
        };
        ListCalendarFeedsResponse: {
            /** @description By the schedule. */
            calendarFeeds?: components["schemas"]["CalendarFeed"][];
            nextPageToken?: string;
        };
        ListContactsResponse: {
            /** @description By person, then in the order in which they are tried. */
            contacts?: components["schemas"]["Contact"][];
            nextPageToken?: string;
        };
        ListDeliveriesResponse: {
            /** @description Oldest first. */
            deliveries?: components["schemas"]["MailDelivery"][];
            nextPageToken?: string;
        };
        ListDrillsResponse: {
            /** @description Newest first. */
            drills?: components["schemas"]["Drill"][];
            nextPageToken?: string;
        };
        ListEscalationPoliciesResponse: {
            /** @description By id. */
            escalationPolicies?: components["schemas"]["EscalationPolicy"][];
            nextPageToken?: string;
        };
        ListEventsResponse: {
            events?: components["schemas"]["ticket.v1.Event"][];
            nextPageToken?: string;
        };
        ListInboundMailsResponse: {
            inboundMails?: components["schemas"]["InboundMail"][];
            nextPageToken?: string;
        };
        ListLoginSessionsResponse: {
            /** @description Newest first. */
            loginSessions?: components["schemas"]["LoginSession"][];
            nextPageToken?: string;
        };
        ListMembersResponse: {
            /** @description By name. */
            members?: components["schemas"]["Member"][];
            nextPageToken?: string;
        };
        ListMessagesResponse: {
            messages?: components["schemas"]["Message"][];
            nextPageToken?: string;
        };
        ListNoticesResponse: {
            nextPageToken?: string;
            notices?: components["schemas"]["Notice"][];
        };
        ListOrganizationsResponse: {
            nextPageToken?: string;
            /** @description By name. */
            organizations?: components["schemas"]["Organization"][];
        };
        ListOverridesResponse: {
            nextPageToken?: string;
            /** @description In the order in which they were made, those that have ended as well. */
            overrides?: components["schemas"]["Override"][];
        };
        ListPagesResponse: {
            nextPageToken?: string;
            /** @description Newest first. */
            pages?: components["schemas"]["Page"][];
        };
        ListSchedulesResponse: {
            nextPageToken?: string;
            /** @description By id. */
            schedules?: components["schemas"]["Schedule"][];
        };
        ListShiftsResponse: {
            nextPageToken?: string;
            /** @description Without a break between them: a gap is a shift of nobody. */
            shifts?: components["schemas"]["Shift"][];
        };
        ListSlaPoliciesResponse: {
            nextPageToken?: string;
            /** @description From the smallest plan to the largest. */
            slaPolicies?: components["schemas"]["SlaPolicy"][];
        };
        ListStaffResponse: {
            nextPageToken?: string;
            /** @description By name. */
            staff?: components["schemas"]["Staff"][];
        };
        ListSuppressionsResponse: {
            nextPageToken?: string;
            /** @description The newest first; none that are over. */
            suppressions?: components["schemas"]["Suppression"][];
        };
        /**
         * @description Whose tickets.
         *
         *      - VIEW_MINE: Requested by the caller.
         *      - VIEW_CC: The caller is a CC.
         *      - VIEW_ALL: All that the caller may see. The default.
         * @default VIEW_UNSPECIFIED
         * @enum {string}
         */
        "ListTicketsRequest.View": "VIEW_UNSPECIFIED" | "VIEW_MINE" | "VIEW_CC" | "VIEW_ALL";
        ListTicketsResponse: {
            /** @description Terms of the filter that were not understood; the rest was run. */
            filterIssues?: components["schemas"]["FilterIssue"][];
            /** @description Empty on the last page. */
            nextPageToken?: string;
            tickets?: components["schemas"]["Ticket"][];
        };
        ListViewsResponse: {
            nextPageToken?: string;
            views?: components["schemas"]["View"][];
        };
        /** @description LoginSession is one login of a person. */
        LoginSession: {
            /** Format: date-time */
            createTime?: string;
            /** @description The session that the call was made with. */
            current?: boolean;
            /** Format: date-time */
            expireTime?: string;
            id?: string;
            /** Format: date-time */
            lastUseTime?: string;
        };
        /** @description MailDelivery is one mail to one person. */
        MailDelivery: {
            /** Format: date-time */
            acceptTime?: string;
            /** @description What came of the last attempt, or why there is none any more. */
            answer?: components["schemas"]["DeliveryAnswer"];
            /** Format: int32 */
            attempts?: number;
            /** Format: date-time */
            createTime?: string;
            id?: string;
            /** @description The text of answer. */
            lastAnswer?: string;
            /** @description Message of the conversation; empty for a notice. */
            message?: string;
            messageId?: string;
            /**
             * Format: date-time
             * @description When it is tried next.
             */
            nextAttemptTime?: string;
            /** @description Why this person gets it: "requester", "cc", or of the staff "assignee", "team". */
            reason?: string;
            recipient?: components["schemas"]["Person"];
            /**
             * @description "queued", "accepted", "refused" (will not be tried again), "bounced" (it came
             *     back) or "suppressed" (not sent: mails to the address came back before).
             */
            state?: string;
            subject?: string;
            /** @description What keeps mail from the recipient's address at present; unset when nothing does. */
            suppression?: components["schemas"]["Suppression"];
            /** Format: int64 */
            ticket?: string;
        };
        /** @description MailHeader is a field of a mail's header, which its sender can write as they like. */
        MailHeader: {
            name?: string;
            value?: string;
        };
        "MailService.DiscardInboundMailBody": Record<string, never>;
        "MailService.ReleaseInboundMailBody": Record<string, never>;
        "MailService.ResendDeliveryBody": Record<string, never>;
        /** @description Member is a person of a customer's organization. */
        Member: {
            /** @description Empty: organization-wide. Else limited to these applications. */
            applications?: string[];
            disabled?: boolean;
            email?: string;
            id?: string;
            locale?: string;
            name?: string;
            organization?: string;
            role?: components["schemas"]["MemberRole"];
            timeZone?: string;
        };
        /**
         * @description MemberRole is what a customer's person may do.
         *
         *      - MEMBER_ROLE_USER: Creates and follows tickets.
         *      - MEMBER_ROLE_ADMIN: Manages the team; sees all tickets of the organization.
         * @default MEMBER_ROLE_UNSPECIFIED
         * @enum {string}
         */
        MemberRole: "MEMBER_ROLE_UNSPECIFIED" | "MEMBER_ROLE_USER" | "MEMBER_ROLE_DEVELOPER" | "MEMBER_ROLE_ADMIN";
        /** @description Message is one entry of the conversation. */
        Message: {
            /** @description In the order in which they were named. */
            attachments?: components["schemas"]["Attachment"][];
            author?: components["schemas"]["Person"];
            /** @description Markdown. */
            body?: string;
            /** Format: date-time */
            createTime?: string;
            id?: string;
            kind?: components["schemas"]["Message.Kind"];
            /**
             * @description Of a message that came by mail: what the mail quotes of the one that it answers.
             *     Markdown. It is found by no search, is in no mail, and goes when text of the
             *     message, or of an earlier one, is redacted.
             */
            quoted?: string;
            /**
             * Format: date-time
             * @description When text of it was last redacted, if ever.
             */
            redactTime?: string;
            /**
             * Format: int64
             * @description Sequence of the event that added it.
             */
            sequence?: string;
            /** Format: int64 */
            ticket?: string;
        };
        /**
         * @description Who can read it.
         *
         *      - KIND_PUBLIC: The customer and staff; mailed to requester and CCs.
         *      - KIND_NOTE: Staff only.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "Message.Kind": "KIND_UNSPECIFIED" | "KIND_PUBLIC" | "KIND_NOTE";
        /** @description Notice is something that the staff is told of. */
        Notice: {
            /** @description Whom mails do not reach, for KIND_MAIL_RETURNED. */
            address?: string;
            /** @description Who answered, for KIND_REPLY. */
            authorName?: string;
            /** Format: date-time */
            createTime?: string;
            id?: string;
            kind?: components["schemas"]["Notice.Kind"];
            /**
             * Format: int64
             * @description How many mails are new in the quarantine, for KIND_MAIL_HELD.
             */
            mails?: string;
            organizationName?: string;
            /** @description Of the ticket, as it was. */
            subject?: string;
            /**
             * Format: int64
             * @description Number of the ticket; 0 for KIND_MAIL_HELD.
             */
            ticket?: string;
        };
        /**
         * @description Kind is what happened.
         *
         *      - KIND_NEW_TICKET: A ticket came to a team.
         *      - KIND_REPLY: A customer answered.
         *      - KIND_MAIL_RETURNED: Mails of a ticket do not reach somebody, which is told once for each address.
         *      - KIND_MAIL_HELD: Mails are new in the quarantine, which is told at most once an hour.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "Notice.Kind": "KIND_UNSPECIFIED" | "KIND_NEW_TICKET" | "KIND_REPLY" | "KIND_MAIL_RETURNED" | "KIND_MAIL_HELD";
        /** @description NoticePreferences are how one person is told of each kind of thing. */
        NoticePreferences: {
            /** @description Hours of the digest, from 0 to 23 in the person's time zone. By default 8. */
            digestHours?: number[];
            /**
             * @description A ticket came to a team of the person's that nobody has taken, urgent
             *     incidents excepted, which page; or mails are new in the quarantine, which is
             *     told at most once an hour. By default a digest.
             */
            newTicket?: components["schemas"]["NoticePreferences.Channel"];
            /**
             * @description A customer answered a ticket that is assigned to the person, or mails of it do
             *     not reach somebody, which is told once for each address. By default a mail.
             */
            replyMine?: components["schemas"]["NoticePreferences.Channel"];
            /**
             * @description The same of a ticket of a team of the person's that is assigned to nobody. By
             *     default a digest.
             */
            replyTeam?: components["schemas"]["NoticePreferences.Channel"];
        };
        /**
         * @description Channel is how.
         *
         *      - CHANNEL_MAIL: A mail at once.
         *      - CHANNEL_DIGEST: One mail with all that happened, at the digest's hours, when there is
         *     anything.
         *      - CHANNEL_NONE: No mail.
         * @default CHANNEL_UNSPECIFIED
         * @enum {string}
         */
        "NoticePreferences.Channel": "CHANNEL_UNSPECIFIED" | "CHANNEL_MAIL" | "CHANNEL_DIGEST" | "CHANNEL_NONE";
        /** @description NotificationRules is how a person wants to be notified. */
        NotificationRules: {
            /**
             * @description For pages about what is not urgent; notices about on-call go to the first e-mail
             *     contact among them. Without steps as urgent.
             */
            normal?: components["schemas"]["NotificationStep"][];
            person?: string;
            /** @description Hold notices about on-call, but no page. */
            quietHours?: components["schemas"]["QuietHours"];
            /**
             * @description For pages about urgent incidents. The person's other verified contacts come after
             *     the last step, each when the one before has failed. Without steps all contacts are
             *     tried in their order like that.
             */
            urgent?: components["schemas"]["NotificationStep"][];
        };
        /** @description NotificationStep sends a page to a contact unless it was acknowledged before. */
        NotificationStep: {
            /** @description Id of one of the person's contacts, each in one step only. It is passed over while it is not verified. */
            contact?: string;
            /**
             * @description Time since the person is paged, at most an hour; not less than the step's before,
             *     and unset in the first one. When a contact fails the next step begins at once.
             */
            delay?: string;
        };
        /**
         * @description OnCallNotice is whom an urgent incident would page at once. It names no addresses,
         *     ids or schedules.
         */
        OnCallNotice: {
            /**
             * Format: int32
             * @description How many people are paged.
             */
            count?: number;
            /** @description Their names, of ten at most, and of those only who have one. */
            names?: string[];
            source?: components["schemas"]["OnCallNotice.Source"];
        };
        /**
         * @description Source says who these people are.
         *
         *      - SOURCE_ON_CALL: The first step of the escalation policy that reaches anybody.
         *      - SOURCE_FALLBACK: No step reaches anybody: the fallback list.
         *      - SOURCE_EVERYBODY: There is no policy yet: all engineers and supervisors.
         *      - SOURCE_SUPERVISORS: The fallback list reaches nobody, too: the supervisors.
         *      - SOURCE_NOBODY: There is nobody to page.
         * @default SOURCE_UNSPECIFIED
         * @enum {string}
         */
        "OnCallNotice.Source": "SOURCE_UNSPECIFIED" | "SOURCE_ON_CALL" | "SOURCE_FALLBACK" | "SOURCE_EVERYBODY" | "SOURCE_SUPERVISORS" | "SOURCE_NOBODY";
        /** @description CreateSwapRequest asks two people to stand in for each other. */
        "OnCallService.CreateSwapBody": {
            first?: components["schemas"]["SwapPart"];
            second?: components["schemas"]["SwapPart"];
        };
        "OnCallService.SendContactCodeBody": Record<string, never>;
        "OnCallService.TestContactBody": Record<string, never>;
        "OnCallService.VerifyContactBody": {
            /** @description Six digits. */
            code?: string;
        };
        /** @description OnCallShift is who one schedule puts on call. */
        OnCallShift: {
            /**
             * Format: date-time
             * @description When that ends, and who follows.
             */
            endTime?: string;
            next?: components["schemas"]["Person"];
            /** @description Who is on call beside person. */
            others?: components["schemas"]["Person"][];
            /** @description The override that did it, if any. */
            override?: string;
            /** @description Unset: nobody. */
            person?: components["schemas"]["Person"];
            schedule?: string;
            scheduleName?: string;
        };
        OpenPageRequest: {
            reason?: string;
            /** Format: int64 */
            ticket?: string;
        };
        /** @description Organization is a customer. */
        Organization: {
            /** Format: date-time */
            createTime?: string;
            id?: string;
            /** @description Organization-wide members see all of the organization's tickets, else their own. */
            membersSeeAll?: boolean;
            name?: string;
            /** @description Support plan: "standard", "premium" or "enterprise". */
            plan?: string;
        };
        /** @description Override is an exception in [start, end). */
        Override: {
            /** Format: date-time */
            endTime?: string;
            id?: string;
            kind?: components["schemas"]["Override.Kind"];
            layers?: components["schemas"]["Layer"][];
            person?: string;
            replacedPerson?: string;
            schedule?: string;
            /** Format: date-time */
            startTime?: string;
        };
        /**
         * @description Kind is what an override does.
         *
         *      - KIND_UNSPECIFIED: The same as KIND_REPLACE_ALL.
         *      - KIND_REPLACE_ALL: Person instead of whoever is on call.
         *      - KIND_REPLACE: Person instead of replaced_person, while that is on call.
         *      - KIND_ADD: Person as well.
         *      - KIND_REMOVE: Not replaced_person: the layer below applies.
         *      - KIND_TEMPORARY: The override's layers instead of the schedule's and of the overrides made
         *     before. Without layers nobody is meant to be on call.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "Override.Kind": "KIND_UNSPECIFIED" | "KIND_REPLACE_ALL" | "KIND_REPLACE" | "KIND_ADD" | "KIND_REMOVE" | "KIND_TEMPORARY";
        /** @description Page is one paging of the on-call engineers about an incident. */
        Page: {
            acknowledgedBy?: components["schemas"]["Person"];
            /** Format: date-time */
            acknowledgeTime?: string;
            /** Format: date-time */
            createTime?: string;
            /**
             * Format: int32
             * @description Rises when an acknowledgement times out or is taken back, a snooze ends, or somebody asks for more after the last step:
             *     paging begins again.
             */
            cycle?: number;
            /** @description Oldest first; only from GetPage. */
            deliveries?: components["schemas"]["PageDelivery"][];
            /** @description It is a drill: there is no incident. */
            drill?: boolean;
            id?: string;
            /** @description Oldest first; only from GetPage. */
            log?: components["schemas"]["PageLogEntry"][];
            /** Format: int32 */
            loop?: number;
            /**
             * Format: date-time
             * @description When the next step begins, unless somebody acknowledges.
             */
            nextStepTime?: string;
            organization?: string;
            /**
             * Format: int32
             * @description How often the ticket became urgent within ten minutes, this time included;
             *     unset when it was once. Step 0 then means that nobody is called again until
             *     next_step_time.
             */
            raised?: number;
            /**
             * Format: date-time
             * @description When an acknowledged page begins again unless the incident is over; unset
             *     without a snooze.
             */
            snoozeEndTime?: string;
            state?: components["schemas"]["PageState"];
            /**
             * Format: int32
             * @description Position in the escalation policy, from 1, and the repeat, from 1.
             */
            step?: number;
            /** Format: int64 */
            ticket?: string;
            /** @description Such as "[Urgent] shop/production: checkout returns 502". */
            title?: string;
        };
        /** @description PageDelivery is a page sent to one channel of one person. */
        PageDelivery: {
            /** Format: date-time */
            acceptTime?: string;
            /** @description What came of the last attempt; unset before the first. */
            answer?: components["schemas"]["DeliveryAnswer"];
            /** Format: int32 */
            attempts?: number;
            /**
             * @description Id of the message by which it goes together with other pages of the person,
             *     as there are so many; unset when it goes alone.
             */
            bundle?: string;
            /** @description "webhook" or "email". */
            channel?: string;
            /** Format: date-time */
            createTime?: string;
            /** Format: int32 */
            cycle?: number;
            /** @description Sent as webhook-id: the same for every attempt. */
            id?: string;
            /** @description The text of answer. */
            lastAnswer?: string;
            /** Format: int32 */
            loop?: number;
            person?: components["schemas"]["Person"];
            /** @description Why this person, as an English sentence made from why. */
            reason?: string;
            /** @description "queued", "accepted", "failed" or "cancelled". */
            state?: string;
            /** Format: int32 */
            step?: number;
            why?: components["schemas"]["PageReason"];
        };
        /**
         * @description PageLogEntry is one entry of a page's append-only history: what happened is
         *     in kind, and in those of the fields that the kind names.
         */
        PageLogEntry: {
            /** Format: date-time */
            acknowledgeTime?: string;
            after?: string;
            answer?: components["schemas"]["DeliveryAnswer"];
            /** @description "webhook" or "email". */
            channel?: string;
            /**
             * Format: int32
             * @description Pages of the message, or how often it was urgent.
             */
            count?: number;
            /** Format: date-time */
            createTime?: string;
            /** Format: int64 */
            endedBy?: string;
            /**
             * Format: int64
             * @description Sequence of the ticket's event that made it urgent, and of the one that
             *     ended that.
             */
            event?: string;
            /** Format: date-time */
            holdEndTime?: string;
            kind?: components["schemas"]["PageLogEntry.Kind"];
            /** Format: int32 */
            loop?: number;
            /** @description Whether the person's next contact is tried. */
            nextContact?: boolean;
            /** @description Name of the person, or their address. */
            person?: string;
            /** @description In the words of the person. */
            reason?: string;
            /** Format: date-time */
            snoozeEndTime?: string;
            /**
             * Format: int32
             * @description Position in the escalation policy, from 1; 0 is its fallback list.
             */
            step?: number;
            /** @description The entry as an English sentence, made from the other fields. */
            text?: string;
            /**
             * Format: int64
             * @description Number of the other ticket.
             */
            ticket?: string;
            /** @description Of the page that would have begun. */
            title?: string;
            why?: components["schemas"]["PageReason"];
        };
        /**
         * @description - KIND_CALLED: A person is called: step, loop, person, why.
         *      - KIND_SKIPPED: There is nobody to call: step, loop.
         *      - KIND_ACCEPTED: The provider took a delivery: person, channel, answer.
         *      - KIND_FAILED: A delivery failed: person, channel, answer, next_contact.
         *      - KIND_UNSENT: A delivery has had no outcome so far: person, channel, after,
         *     next_contact.
         *      - KIND_EXHAUSTED: No step is left; the supervisors are told.
         *      - KIND_UNHEARD: No step is left, and no supervisor is within reach.
         *      - KIND_ESCALATED: A person asked for the next step: person.
         *      - KIND_ACKNOWLEDGED: A person acknowledged: person.
         *      - KIND_REOPENED: An acknowledgement led to nothing: person, acknowledge_time.
         *      - KIND_PAGED_AGAIN: There was one more reason to page while the page was open: title.
         *      - KIND_SUPPRESSED: Over before anybody was paged: event, ended_by.
         *      - KIND_SOLVED: Over, as the ticket is solved: person, if one did it.
         *      - KIND_NOT_URGENT: Over, as the ticket is not urgent any more: person, if one did it.
         *      - KIND_URGENT_AGAIN: Over, as the ticket became urgent again and has another page: event.
         *      - KIND_PAGES_SENT: Over: pages are sent again. It was about that they were not.
         *      - KIND_TAKEN_OVER: Notification takes the page over from the emergency mailbox.
         *      - KIND_UNACKNOWLEDGED: A person took the acknowledgement back: person, reason.
         *      - KIND_SNOOZED: A person said when paging begins again: person, snooze_end_time.
         *      - KIND_SNOOZE_ENDED: That is now, and the incident is not over: person, whose page it was.
         *      - KIND_ACCEPTED_TOGETHER: The provider took one message about many pages, this one among them:
         *     person, channel, answer, count.
         *      - KIND_FOLDED: Urgent once more within ten minutes, of which people were called: they are
         *     called again at hold_end_time if it lasts until then. count.
         *      - KIND_DRILL_BEGUN: It is a drill: person, if one began it.
         *      - KIND_DRILL_OVER: The drill is over.
         *      - KIND_MERGED_INTO: The ticket was merged into another one, whose page goes on, or whose page this
         *     one is from now on: ticket.
         *      - KIND_MERGED_FROM: Over, as the page of a ticket that was merged into this one goes on: ticket.
         *      - KIND_BEGUN_AGAIN: Nobody had acknowledged and no step was left, and somebody had paging begin
         *     again: person, or the service that did; reason, if there is one.
         *      - KIND_UNDELIVERED: The provider took it and says afterwards that it did not arrive: person,
         *     channel, answer, next_contact.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "PageLogEntry.Kind": "KIND_UNSPECIFIED" | "KIND_CALLED" | "KIND_SKIPPED" | "KIND_ACCEPTED" | "KIND_FAILED" | "KIND_UNSENT" | "KIND_EXHAUSTED" | "KIND_UNHEARD" | "KIND_ESCALATED" | "KIND_ACKNOWLEDGED" | "KIND_REOPENED" | "KIND_PAGED_AGAIN" | "KIND_SUPPRESSED" | "KIND_SOLVED" | "KIND_NOT_URGENT" | "KIND_URGENT_AGAIN" | "KIND_PAGES_SENT" | "KIND_TAKEN_OVER" | "KIND_UNACKNOWLEDGED" | "KIND_SNOOZED" | "KIND_SNOOZE_ENDED" | "KIND_ACCEPTED_TOGETHER" | "KIND_FOLDED" | "KIND_DRILL_BEGUN" | "KIND_DRILL_OVER" | "KIND_MERGED_INTO" | "KIND_MERGED_FROM" | "KIND_BEGUN_AGAIN" | "KIND_UNDELIVERED";
        /** @description PageReason is why a person is called. */
        PageReason: {
            kind?: components["schemas"]["PageReason.Kind"];
            /** @description Name of the schedule: KIND_SCHEDULE, KIND_OVERRIDE. */
            schedule?: string;
        };
        /**
         * @description - KIND_SCHEDULE: On call by the rotation of a schedule.
         *      - KIND_OVERRIDE: On call by an override of a schedule.
         *      - KIND_NAMED: A step of the escalation policy names the person.
         *      - KIND_FALLBACK: On the fallback list of the escalation policy.
         *      - KIND_SUPERVISOR: Supervisors are called when nobody else acknowledged.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "PageReason.Kind": "KIND_UNSPECIFIED" | "KIND_SCHEDULE" | "KIND_OVERRIDE" | "KIND_NAMED" | "KIND_FALLBACK" | "KIND_SUPERVISOR";
        "PageService.AcknowledgePageBody": Record<string, never>;
        "PageService.EscalatePageBody": {
            /** @description Why paging begins again when no step is left, for the history of the page. */
            reason?: string;
        };
        "PageService.SnoozePageBody": {
            /** @description From now on, 5 minutes to 24 hours; unset means 4 hours. */
            duration?: string;
        };
        "PageService.UnacknowledgePageBody": {
            /** @description Why, for the history of the page. */
            reason?: string;
        };
        /**
         * @description PageState is how far the paging of the on-call engineers has come.
         *
         *      - PAGE_STATE_NONE: Never urgent.
         *      - PAGE_STATE_DELIVERED: A provider accepted at least one page.
         *      - PAGE_STATE_EXHAUSTED: Every step, loop and the fallback list were used without an acknowledgement.
         *      - PAGE_STATE_RESOLVED: The incident is over.
         * @default PAGE_STATE_UNSPECIFIED
         * @enum {string}
         */
        PageState: "PAGE_STATE_UNSPECIFIED" | "PAGE_STATE_NONE" | "PAGE_STATE_PAGING" | "PAGE_STATE_DELIVERED" | "PAGE_STATE_ACKNOWLEDGED" | "PAGE_STATE_EXHAUSTED" | "PAGE_STATE_RESOLVED";
        /** @description PageSummary is what a ticket shows of its paging. */
        PageSummary: {
            /** @description Who acknowledged, and when. */
            acknowledgedBy?: components["schemas"]["Person"];
            /** Format: date-time */
            acknowledgeTime?: string;
            /** @description Id of the newest page, for staff. */
            page?: string;
            state?: components["schemas"]["PageState"];
        };
        /** @description Person is somebody named on a ticket. */
        Person: {
            email?: string;
            /** @description Person id; empty for a CC without an account. */
            id?: string;
            name?: string;
            staff?: boolean;
        };
        /** @description PersonPresence is one of them. */
        PersonPresence: {
            activity?: components["schemas"]["Activity"];
            person?: components["schemas"]["Person"];
        };
        /**
         * @description Scope is a part of what a person may do. An API token can be limited to some:
         *     it then does what its owner may do and a scope of its own allows. No scope
         *     includes another: who writes and reads takes both. But calls that write answer
         *     with what they changed, so that a scope to write shows that much.
         *
         *      - SCOPE_UNSPECIFIED: Of a method: no token that is limited to scopes may call it.
         *      - SCOPE_SELF: To know whose token it is. Every token has it.
         *      - SCOPE_ACCOUNT: Password, login sessions, API tokens, and who may do what: making and changing
         *     members and staff, who would do what the token may not. No API token can be
         *     limited to it.
         *      - SCOPE_TICKETS_READ: To read tickets, conversations, history, due times and the ledger of mail.
         *      - SCOPE_TICKETS_WRITE: To open, change, answer and solve tickets, and to send mail again.
         *      - SCOPE_ON_CALL_READ: To read pages, schedules, policies and contacts.
         *      - SCOPE_ON_CALL_WRITE: To page, acknowledge and escalate, and to change who is on call and how they
         *     are reached: it can send the pages of its owner elsewhere, a supervisor's anybody's.
         *      - SCOPE_DIRECTORY_READ: To read organizations, applications and people.
         *      - SCOPE_DIRECTORY_WRITE: To change organizations and applications, and to remove members. Making and
         *     changing people takes SCOPE_ACCOUNT.
         * @default SCOPE_UNSPECIFIED
         * @enum {string}
         */
        "policy.v1.Scope": "SCOPE_UNSPECIFIED" | "SCOPE_SELF" | "SCOPE_ACCOUNT" | "SCOPE_TICKETS_READ" | "SCOPE_TICKETS_WRITE" | "SCOPE_ON_CALL_READ" | "SCOPE_ON_CALL_WRITE" | "SCOPE_DIRECTORY_READ" | "SCOPE_DIRECTORY_WRITE";
        /** @description Presence is who else is at a ticket, by name. */
        Presence: {
            people?: components["schemas"]["PersonPresence"][];
        };
        "PresenceService.ReportPresenceBody": {
            activity: components["schemas"]["Activity"];
            /**
             * @description Which of the caller's open pages reports, so that closing one does not take the
             *     caller away from the other: any text, the same for as long as the page lives.
             *     Without it all of the caller's reports count as those of one page.
             */
            page?: string;
            /**
             * Format: int64
             * @description Which report of that page it is: the next one has a greater number. A report with
             *     a lower number than the last one changes nothing. Without a number it counts as
             *     the last one. It may be as great as an exact number of JavaScript.
             */
            sequence?: string;
        };
        /**
         * @description Priority orders work. Customers choose and see it on incidents only.
         *
         *      - PRIORITY_HIGH: Degraded, with a poor workaround.
         *      - PRIORITY_URGENT: An outage, or most users are affected, now. Pages the on-call engineers. Incidents only.
         * @default PRIORITY_UNSPECIFIED
         * @enum {string}
         */
        Priority: "PRIORITY_UNSPECIFIED" | "PRIORITY_LOW" | "PRIORITY_NORMAL" | "PRIORITY_HIGH" | "PRIORITY_URGENT";
        Problem: {
            /** @description A sentence for people about this occurrence. */
            detail?: string;
            /** @description The request's fields that were refused. */
            fields?: {
                /** @description A sentence for people. */
                description?: string;
                /** @description The field, as in the request: `ticket.subject`, `ccs[3]`. */
                path?: string;
                /** @description A stable code in UPPER_SNAKE_CASE. */
                reason?: string;
            }[];
            /** @description A URI that names this occurrence. */
            instance?: string;
            /** @description A stable code in UPPER_SNAKE_CASE, to decide by. */
            reason?: string;
            /**
             * Format: int32
             * @description The HTTP status code.
             */
            status?: number;
            /** @description The kind of problem in a few words. */
            title?: string;
            /** @description A URI that names the kind of problem; `about:blank` says no more than the status. */
            type?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description ProblemDetails is the part only ongoing issues have. */
        ProblemDetails: {
            actual?: string;
            /** @description Whether updates were checked for, and the trace read whole. */
            checkedForUpdates?: boolean;
            /** @description Which environments show it. */
            environments?: string;
            expected?: string;
            kind?: components["schemas"]["ProblemDetails.Kind"];
            readWholeTrace?: boolean;
            reducedTestCase?: string;
            reproducedLocally?: components["schemas"]["Reproduced"];
            reproducedOnFreshInstallation?: components["schemas"]["Reproduced"];
            steps?: string;
            traces?: string;
        };
        /**
         * @description What the problem is.
         *
         *      - KIND_BUG: Wrong behaviour that was isolated and debugged.
         *      - KIND_RISK: Something that may cause incidents.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "ProblemDetails.Kind": "KIND_UNSPECIFIED" | "KIND_BUG" | "KIND_RISK";
        /** @description QuietHours are when notices wait. */
        QuietHours: {
            hours?: components["schemas"]["Restriction"][];
            /** @description IANA zone, whose clock on the wall the hours go by. */
            timeZone?: string;
        };
        ReplyToTicketResponse: {
            message?: components["schemas"]["Message"];
            /**
             * @description The ticket that holds the message: the one that the other was merged into, or a new
             *     follow-up if the other was closed.
             */
            ticket?: components["schemas"]["Ticket"];
        };
        /**
         * @description Reproduced says whether something was tried and what came out.
         *
         *      - REPRODUCED_NOT_TRIED: Accepted; shown to agents with the caveat.
         * @default REPRODUCED_UNSPECIFIED
         * @enum {string}
         */
        Reproduced: "REPRODUCED_UNSPECIFIED" | "REPRODUCED_YES" | "REPRODUCED_NO" | "REPRODUCED_NOT_TRIED";
        /** @description Restriction is a part of each day of some weekdays. */
        Restriction: {
            /**
             * @description Hours and minutes on the wall, such as 22:00 and 06:00. One that does not end
             *     after it begins ends on the next day.
             */
            from?: string;
            until?: string;
            /** @description On which it begins, 1 is Monday and 7 Sunday; none means all. */
            weekdays?: number[];
        };
        /**
         * @description Schedule is who is on call when. Of its layers that have somebody at an instant the
         *     last one wins; overrides come over them, in the order in which they were made. Who
         *     cannot be reached counts as nobody: what is below applies. Intervals are half-open.
         */
        Schedule: {
            /**
             * @description Changes with the name, the zone and the layers, not with overrides, which are
             *     changed one by one. An update that names another one is ABORTED.
             */
            etag?: string;
            id?: string;
            layers?: components["schemas"]["Layer"][];
            /**
             * @description What people choose it by. One that another schedule has, in capitals or not, is
             *     ALREADY_EXISTS.
             */
            name?: string;
            /**
             * @description Those that end in the future, in the order in which they were made; changed by
             *     CreateOverride, CreateSwap and DeleteOverride only.
             */
            overrides?: components["schemas"]["Override"][];
            /**
             * @description IANA zone, whose clock on the wall the layers go by. A time that it skips is the
             *     first instant after the gap; of one that it shows twice the first counts.
             */
            timeZone?: string;
        };
        /** @description ScopeTarget is an application, or one environment of it. */
        ScopeTarget: {
            /** @description Application id. */
            application?: string;
            /** @description Names at the time of the request. */
            readonly applicationName?: string;
            /** @description Environment id; empty means every environment of the application. */
            environment?: string;
            readonly environmentName?: string;
        };
        /** @description Self is the caller: a member or staff. */
        Self: {
            member?: components["schemas"]["Member"];
            /** @description The member's organization. */
            organization?: components["schemas"]["Organization"];
            staff?: components["schemas"]["Staff"];
        };
        SetDrillScheduleRequest: {
            /** @description Unset means 15 seconds. */
            acceptWithin?: string;
            /** @description Unset means 5 minutes. */
            acknowledgeWithin?: string;
            enabled?: boolean;
            time?: string;
            timeZone?: string;
            /**
             * Format: int32
             * @description 1 = Monday to 7 = Sunday.
             */
            weekday?: number;
        };
        /** @description Shift is who is on call in [start, end). */
        Shift: {
            /** @description Of a gap: nobody is meant to be on call. */
            deliberate?: boolean;
            /** @description First who is on call by the layers, then who was added. None: a gap. */
            duties?: components["schemas"]["Duty"][];
            /** Format: date-time */
            endTime?: string;
            /** Format: date-time */
            startTime?: string;
        };
        /** @description SlaPolicy is the set of targets of one support plan. */
        SlaPolicy: {
            /** @description Such as "premium". */
            name?: string;
            targets?: components["schemas"]["SlaTarget"][];
        };
        /**
         * @description SlaStep is one step of the reasoning why a ticket is due when it is: what it
         *     says is in kind, and in those of the fields that the kind names.
         */
        SlaStep: {
            /** Format: date-time */
            createTime?: string;
            /**
             * Format: date-time
             * @description Unset: not yet.
             */
            doneTime?: string;
            /** Format: date-time */
            dueTime?: string;
            firstResponse?: string;
            kind?: components["schemas"]["SlaStep.Kind"];
            plan?: string;
            priority?: components["schemas"]["Priority"];
            /** @description As of the ticket. */
            priorityReason?: string;
            resolution?: string;
            slaPolicy?: string;
            /** @description The step as an English sentence, made from the other fields. */
            text?: string;
            type?: components["schemas"]["TicketType"];
        };
        /**
         * @description - KIND_PLAN: The support plan has an SLA policy: plan, sla_policy.
         *      - KIND_OTHER_PLAN: The support plan has none, and another applies: plan, sla_policy.
         *      - KIND_TRIAGED: Triage chose the priority: priority, priority_reason.
         *      - KIND_UNPRIORITIZED: Nobody chose a priority, so it counts as normal: type.
         *      - KIND_CHOSEN: People chose the priority: type, priority.
         *      - KIND_TARGET: The time that the policy allows: first_response, resolution.
         *      - KIND_CREATED: Since when time runs, around the clock: create_time.
         *      - KIND_FIRST_RESPONSE: When the first response is due, and when it was given: due_time,
         *     done_time.
         *      - KIND_RESOLUTION: When the solution is due, and when it was reached: due_time, done_time.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "SlaStep.Kind": "KIND_UNSPECIFIED" | "KIND_PLAN" | "KIND_OTHER_PLAN" | "KIND_TRIAGED" | "KIND_UNPRIORITIZED" | "KIND_CHOSEN" | "KIND_TARGET" | "KIND_CREATED" | "KIND_FIRST_RESPONSE" | "KIND_RESOLUTION";
        /** @description SlaTarget is the time allowed for a priority. */
        SlaTarget: {
            firstResponse?: string;
            priority?: components["schemas"]["Priority"];
            resolution?: string;
        };
        /** @description Staff is a person of the support staff. */
        Staff: {
            disabled?: boolean;
            email?: string;
            id?: string;
            locale?: string;
            name?: string;
            role?: components["schemas"]["StaffRole"];
            /**
             * @description The teams whose tickets are this person's business, as triage and tickets
             *     name them; at most 20, of 1 to 64 characters.
             */
            teams?: string[];
            timeZone?: string;
        };
        /**
         * @description StaffRole is what a person of the support staff may do.
         *
         *      - STAFF_ROLE_ENGINEER: Is on call.
         * @default STAFF_ROLE_UNSPECIFIED
         * @enum {string}
         */
        StaffRole: "STAFF_ROLE_UNSPECIFIED" | "STAFF_ROLE_AGENT" | "STAFF_ROLE_ENGINEER" | "STAFF_ROLE_SUPERVISOR" | "STAFF_ROLE_ADMIN";
        StartDrillRequest: {
            /** @description Unset means those of the schedule, at first 15 seconds and 5 minutes. */
            acceptWithin?: string;
            acknowledgeWithin?: string;
        };
        Status: {
            /** Format: int32 */
            code?: number;
            details?: components["schemas"]["Any"][];
            message?: string;
        };
        /** @description Suppression is an address that gets no correspondence for now. */
        Suppression: {
            address?: string;
            /** Format: date-time */
            createTime?: string;
            /** @description The delivery that came back. */
            delivery?: string;
            /** @description What the mail server said. */
            detail?: string;
            /**
             * Format: date-time
             * @description When it ends by itself.
             */
            endTime?: string;
            id?: string;
            /** @description "bounce" or "complaint". */
            reason?: string;
        };
        /** @description SwapPart is what one of the two gives to the other. */
        SwapPart: {
            /** Format: date-time */
            endTime?: string;
            person?: string;
            /** Format: date-time */
            startTime?: string;
        };
        /** @description TaskDetails is the part only infrastructure changes have. */
        TaskDetails: {
            /**
             * Format: date-time
             * @description The window in which the change may happen.
             */
            earliestTime?: string;
            kind?: components["schemas"]["TaskDetails.Kind"];
            /** Format: date-time */
            latestTime?: string;
            requirements?: string;
            /** @description IANA zone in which the customer thinks of the window, such as "Europe/Berlin". */
            timeZone?: string;
        };
        /**
         * @description What is to be done.
         * @default KIND_UNSPECIFIED
         * @enum {string}
         */
        "TaskDetails.Kind": "KIND_UNSPECIFIED" | "KIND_NEW_ENVIRONMENT" | "KIND_PHP_UPGRADE" | "KIND_OTHER";
        TestContactResponse: {
            /** @description The provider took it. */
            accepted?: boolean;
            answer?: components["schemas"]["DeliveryAnswer"];
        };
        /** @description Ticket is one request for help, with its state. */
        Ticket: {
            readonly assignee?: components["schemas"]["Person"];
            /** @description At most 48; only the addresses are read on input. */
            ccs?: components["schemas"]["Person"][];
            /** Format: date-time */
            readonly closeTime?: string;
            /** Format: date-time */
            readonly createTime?: string;
            /** Format: date-time */
            readonly deleteTime?: string;
            /** @description The first message: Markdown, 1 to 65,536 characters. Put out by CreateTicket and GetTicket. */
            description: string;
            /** @description Changes with every change; send it back to detect a lost update. */
            etag?: string;
            /** Format: date-time */
            readonly firstResponseDueTime?: string;
            /**
             * Format: date-time
             * @description When staff first answered.
             */
            readonly firstResponseTime?: string;
            /**
             * Format: int64
             * @description The closed ticket that this one follows.
             */
            readonly followUpOf?: string;
            incident?: components["schemas"]["IncidentDetails"];
            /**
             * Format: int64
             * @description The ticket that this one was merged into, which takes what is answered here. Unset
             *     for whoever may not see that one. Not in lists and streams.
             */
            readonly mergedInto?: string;
            /**
             * Format: int64
             * @description Unique, not in creation order, with gaps.
             */
            readonly number?: string;
            /**
             * @description Organization id. Members leave it empty; staff name the customer's.
             *     "unassigned" is that of tickets made of mails from unproven senders, which only
             *     staff see.
             */
            organization?: string;
            readonly organizationName?: string;
            readonly page?: components["schemas"]["PageSummary"];
            /** @description Incidents only for members; unset means normal. */
            priority?: components["schemas"]["Priority"];
            /** @description Why the priority is what it is; staff only. */
            readonly priorityReason?: string;
            problem?: components["schemas"]["ProblemDetails"];
            /**
             * Format: date-time
             * @description From when on a deleted ticket may be purged.
             */
            readonly purgeTime?: string;
            /** @description Who asked. Members leave it empty; staff name a member by id. */
            requester?: components["schemas"]["Person"];
            /** Format: date-time */
            readonly resolutionDueTime?: string;
            scope: components["schemas"]["ticket.v1.Scope"];
            /** @description The scope could not be checked, as identity was unreachable; incidents only. */
            readonly scopeUnverified?: boolean;
            /**
             * Format: int64
             * @description Number of the newest event.
             */
            readonly sequence?: string;
            /** Format: date-time */
            readonly solveTime?: string;
            /**
             * Format: date-time
             * @description When it was marked as spam, or deleted, unless it was restored. For staff: the
             *     customer does not find it.
             */
            readonly spamTime?: string;
            /** @description Not read at creation. Staff set it by UpdateTicket or with a reply. */
            status?: components["schemas"]["TicketStatus"];
            /** @description One line of 1 to 200 characters. */
            subject: string;
            /** @description Staff only. */
            tags?: string[];
            task?: components["schemas"]["TaskDetails"];
            readonly team?: string;
            type: components["schemas"]["TicketType"];
            /** @description The caller has not read the newest message. */
            readonly unread?: boolean;
            /** Format: date-time */
            readonly updateTime?: string;
            readonly waitingOn?: components["schemas"]["WaitingOn"];
        };
        /**
         * @description Event is one entry of a ticket's history, to which is only added: but what was
         *     redacted is gone from older entries too.
         */
        "ticket.v1.Event": {
            actor?: components["schemas"]["Person"];
            /** @description The service that acted, when no person did, or that brought a person's mail. */
            actorService?: string;
            /** @description The fields that changed, oldest value first. */
            changes?: components["schemas"]["FieldChange"][];
            /** Format: date-time */
            createTime?: string;
            /**
             * @description The actor's token had expired, and counted because the identity service was
             *     away. Only for staff.
             */
            graced?: boolean;
            id?: string;
            kind?: components["schemas"]["Event.Kind"];
            /** @description The message that this event added, if any. */
            message?: string;
            /**
             * Format: int64
             * @description Of KIND_MERGED_INTO and KIND_MERGED_FROM; unset for whoever may not see that ticket.
             */
            otherTicket?: string;
            /** Format: int64 */
            sequence?: string;
            /** @description Plain sentence for the timeline, such as "Ada Park acknowledged the page". */
            summary?: string;
            /** Format: int64 */
            ticket?: string;
        };
        /** @description Scope is what a ticket is about: everything the organization has, or a list. */
        "ticket.v1.Scope": {
            /** @description All applications and environments, later ones included. Excludes targets. */
            all?: boolean;
            /** @description The applications, each with an optional environment. */
            targets?: components["schemas"]["ScopeTarget"][];
        };
        "TicketService.AddCcsBody": {
            emails?: string[];
        };
        "TicketService.AddNoteBody": {
            /** @description Ids of files that the caller has uploaded and no message has yet. */
            attachments?: string[];
            body: string;
            requestId?: string;
        };
        "TicketService.AssignTicketBody": {
            /** @description Person id of staff; empty takes the assignee away. */
            assignee?: string;
            etag?: string;
            /** @description Team; empty leaves it as it is. */
            team?: string;
        };
        "TicketService.ChangeRequesterBody": {
            /** @description The former requester gets no copies from now on. */
            dropFormer?: boolean;
            etag?: string;
            /** @description Person id of a member of the ticket's organization; of any, if that is "unassigned". */
            requester: string;
        };
        "TicketService.ChangeTypeBody": {
            etag?: string;
            /** @description Unset: normal for what becomes an incident, else as it is, urgent being high. */
            priority?: components["schemas"]["Priority"];
            type: components["schemas"]["TicketType"];
        };
        "TicketService.MarkReadBody": {
            /**
             * Format: int64
             * @description Sequence of the newest event that was seen; never moves back but by MarkUnread.
             */
            sequence?: string;
        };
        "TicketService.MarkSpamBody": {
            etag?: string;
        };
        "TicketService.MarkUnreadBody": Record<string, never>;
        "TicketService.MergeTicketBody": {
            /** @description Of the duplicate. When set, refused with ABORTED if it has changed since. */
            etag?: string;
            /**
             * Format: int64
             * @description The ticket that it becomes part of.
             */
            into: string;
            requestId?: string;
        };
        "TicketService.RedactFieldBody": {
            /**
             * @description "subject", "incident.impact", "incident.callback_number", "problem.expected",
             *     "problem.actual", "problem.steps", "problem.reduced_test_case",
             *     "problem.environments", "problem.traces" or "task.requirements".
             */
            field: string;
            /** @description For the history, where staff read it. It must not repeat what is redacted. */
            reason: string;
            /**
             * @description What is redacted, wherever it stands in the field; what only a former value has
             *     leaves the present one as it is. Without texts: all of the field.
             */
            texts?: string[];
        };
        "TicketService.RedactMessageBody": {
            /** @description Ids of attachments of the message that are removed. */
            attachments?: string[];
            /** @description For the history, where staff read it. It must not repeat what is redacted. */
            reason: string;
            /**
             * @description What is redacted, wherever it stands in the message. Without texts and
             *     attachments: all of the message, its attachments included.
             */
            texts?: string[];
        };
        "TicketService.RemoveCcBody": {
            email: string;
        };
        "TicketService.ReopenTicketBody": {
            etag?: string;
        };
        "TicketService.ReplyToTicketBody": {
            /** @description Ids of files that the caller has uploaded and no message has yet. */
            attachments?: string[];
            /** @description Markdown. */
            body: string;
            /** @description When set, refused with ABORTED if the ticket has changed since. */
            etag?: string;
            /**
             * @description Refused with TICKET_CLOSED rather than that the message goes elsewhere: into a
             *     follow-up, or onto the ticket that this one was merged into. A repetition under the
             *     same request_id may say it or not.
             */
            onlyHere?: boolean;
            requestId?: string;
            /** @description Staff only: open, pending, on hold or solved. Unset means pending for staff. */
            status?: components["schemas"]["TicketStatus"];
        };
        "TicketService.RestoreTicketBody": {
            etag?: string;
        };
        "TicketService.SolveTicketBody": {
            etag?: string;
        };
        /**
         * @description TicketStatus is where a ticket stands: new -> open -> (pending | on hold) -> solved -> closed.
         *
         *      - TICKET_STATUS_NEW: Nobody of the staff has answered or taken it yet.
         *      - TICKET_STATUS_PENDING: Waits for the customer.
         *      - TICKET_STATUS_ON_HOLD: Waits for a third party.
         *      - TICKET_STATUS_CLOSED: Locked; a reply makes a linked follow-up ticket.
         * @default TICKET_STATUS_UNSPECIFIED
         * @enum {string}
         */
        TicketStatus: "TICKET_STATUS_UNSPECIFIED" | "TICKET_STATUS_NEW" | "TICKET_STATUS_OPEN" | "TICKET_STATUS_PENDING" | "TICKET_STATUS_ON_HOLD" | "TICKET_STATUS_SOLVED" | "TICKET_STATUS_CLOSED";
        /**
         * @description TicketType is what kind of help is asked for.
         *
         *      - TICKET_TYPE_INCIDENT: Unplanned, hurting service now.
         *      - TICKET_TYPE_PROBLEM: An ongoing issue: the cause, or possible cause, of incidents.
         *      - TICKET_TYPE_TASK: A request to change infrastructure.
         *      - TICKET_TYPE_QUESTION: A question.
         * @default TICKET_TYPE_UNSPECIFIED
         * @enum {string}
         */
        TicketType: "TICKET_TYPE_UNSPECIFIED" | "TICKET_TYPE_INCIDENT" | "TICKET_TYPE_PROBLEM" | "TICKET_TYPE_TASK" | "TICKET_TYPE_QUESTION";
        /** @description TicketUpdate is a change of one ticket of several. What is unset stays as it is. */
        TicketUpdate: {
            addTags?: string[];
            /** @description Person id of staff; empty takes the assignee away. */
            assignee?: string;
            /** @description When set, refused with ABORTED if the ticket has changed since. */
            etag?: string;
            priority?: components["schemas"]["Priority"];
            removeTags?: string[];
            /** @description Open, pending, on hold or solved. */
            status?: components["schemas"]["TicketStatus"];
            team?: string;
            /** Format: int64 */
            ticket: string;
        };
        /** @description TicketUpdateResult is what became of one update. */
        TicketUpdateResult: {
            /** @description Why nothing was changed; its ErrorInfo has the reason. */
            error?: components["schemas"]["Status"];
            /**
             * Format: int64
             * @description Number of the ticket that was to be changed.
             */
            number?: string;
            /** @description The ticket after the change. */
            ticket?: components["schemas"]["Ticket"];
        };
        UpdateSelfRequest: {
            locale?: string;
            /** @description Each is changed when set. */
            name?: string;
            /** @description Needs old_password. Ends the caller's other login sessions. */
            newPassword?: string;
            oldPassword?: string;
            timeZone?: string;
        };
        /** @description View is a filter of ticket lists with a name. */
        View: {
            /** Format: date-time */
            readonly createTime?: string;
            /** @description As of ListTickets, but every term of it must be understood. */
            filter?: string;
            readonly id?: string;
            /** @description One line. */
            name: string;
            /** @description As of ListTickets. */
            orderBy?: string;
            readonly owner?: components["schemas"]["Person"];
            /**
             * Format: int32
             * @description Where it stands among the others: the lowest first.
             */
            position?: number;
            /** @description All staff have it. For supervisors and admins to set. */
            shared?: boolean;
            /** Format: date-time */
            readonly updateTime?: string;
        };
        /**
         * @description WaitingOn says whose turn it is.
         *
         *      - WAITING_ON_THIRD_PARTY: A third party.
         * @default WAITING_ON_UNSPECIFIED
         * @enum {string}
         */
        WaitingOn: "WAITING_ON_UNSPECIFIED" | "WAITING_ON_SUPPORT" | "WAITING_ON_CUSTOMER" | "WAITING_ON_THIRD_PARTY" | "WAITING_ON_NOBODY";
        WhoIsOnCallResponse: {
            /** @description Who is paged when no step of the policy reaches anybody. */
            fallback?: components["schemas"]["Person"][];
            shifts?: components["schemas"]["OnCallShift"][];
        };
    };
    responses: {
        /** @description What went wrong, as RFC 9457 problem details. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwksResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UploadAttachment: {
        parameters: {
            query?: {
                /** @description Name of the file, 1 to 255 characters; the header Content-Disposition can give it instead. */
                filename?: string;
            };
            header?: {
                /** @description Such as: attachment; filename*=UTF-8''Caf%C3%A9.png */
                "Content-Disposition"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The file is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attachment"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DownloadAttachment: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string;
                /** @description Such as: bytes=0-1023 */
                Range?: string;
            };
            path: {
                attachment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range of the content. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The client has it already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    Login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                    /** Format: password */
                    password: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expireTime: string;
                        person: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    Logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended, or there was none. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    ListCalendarFeeds: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListCalendarFeedsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateCalendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCalendarFeedRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeed"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteCalendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                calendarFeed: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeleteCalendarFeedResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListContacts: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
                /** @description Empty: the caller's own, a supervisor's: everybody's. */
                person?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListContactsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateContact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Contact"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteContact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    SendContactCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contact: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnCallService.SendContactCodeBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    TestContact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contact: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnCallService.TestContactBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestContactResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    VerifyContact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contact: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnCallService.VerifyContactBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ResendDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailService.ResendDeliveryBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailDelivery"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListDrills: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListDrillsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    StartDrill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartDrillRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetDrill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                drill: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drill"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetDrillSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DrillSchedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    SetDrillSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetDrillScheduleRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DrillSchedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListEscalationPolicies: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListEscalationPoliciesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetEscalationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalationPolicy: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationPolicy"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateEscalationPolicy: {
        parameters: {
            query?: {
                /** @description Make the policy if there is none of this id, whatever the mask. */
                allowMissing?: boolean;
            };
            header?: never;
            path: {
                escalationPolicy: string;
            };
            cookie?: never;
        };
        /** @description Id and the fields of update_mask; validated after the merge. */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description An acknowledged page begins again after this time unless the ticket is
                     *     solved or answered by staff; unset means never.
                     */
                    acknowledgeTimeout?: string;
                    /** @description Changes with the policy. An update that names another one is ABORTED. */
                    etag?: string;
                    /** @description Person ids paged after the last step, and whenever nobody else is reached. */
                    fallback?: string[];
                    /**
                     * Format: int32
                     * @description How often the steps are gone through, 1 to 10.
                     */
                    loops?: number;
                    steps?: components["schemas"]["EscalationStep"][];
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationPolicy"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListInboundMails: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
                /** @description Only mails about this ticket; 0 means all. */
                ticket?: string;
                /** @description Only mails with this verdict; empty means all. */
                verdict?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListInboundMailsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetInboundMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inboundMail: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboundMail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DiscardInboundMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inboundMail: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailService.DiscardInboundMailBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboundMail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ReleaseInboundMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inboundMail: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailService.ReleaseInboundMailBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboundMail"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DownloadInboundMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                inboundMail: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "message/rfc822": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetSelf: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Self"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateSelf: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    locale?: string;
                    /** @description Each is changed when set. */
                    name?: string;
                    /** @description Needs old_password. Ends the caller's other login sessions. */
                    newPassword?: string;
                    oldPassword?: string;
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Self"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListApiTokens: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListApiTokensResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiTokenRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateApiTokenResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                apiToken: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetNoticePreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticePreferences"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateNoticePreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Hours of the digest, from 0 to 23 in the person's time zone. By default 8. */
                    digestHours?: number[];
                    /**
                     * @description A ticket came to a team of the person's that nobody has taken, urgent
                     *     incidents excepted, which page; or mails are new in the quarantine, which is
                     *     told at most once an hour. By default a digest.
                     */
                    newTicket?: components["schemas"]["NoticePreferences.Channel"];
                    /**
                     * @description A customer answered a ticket that is assigned to the person, or mails of it do
                     *     not reach somebody, which is told once for each address. By default a mail.
                     */
                    replyMine?: components["schemas"]["NoticePreferences.Channel"];
                    /**
                     * @description The same of a ticket of a team of the person's that is assigned to nobody. By
                     *     default a digest.
                     */
                    replyTeam?: components["schemas"]["NoticePreferences.Channel"];
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticePreferences"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListNotices: {
        parameters: {
            query?: {
                /**
                 * @description Only notices of these kinds; empty means all.
                 *
                 *      - KIND_NEW_TICKET: A ticket came to a team.
                 *      - KIND_REPLY: A customer answered.
                 *      - KIND_MAIL_RETURNED: Mails of a ticket do not reach somebody, which is told once for each address.
                 *      - KIND_MAIL_HELD: Mails are new in the quarantine, which is told at most once an hour.
                 */
                kinds?: ("KIND_UNSPECIFIED" | "KIND_NEW_TICKET" | "KIND_REPLY" | "KIND_MAIL_RETURNED" | "KIND_MAIL_HELD")[];
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListNoticesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListLoginSessions: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListLoginSessionsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteLoginSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                loginSession: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetNotificationRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationRules"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateNotificationRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        /** @description Person and the fields of update_mask; validated after the merge. */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description For pages about what is not urgent; notices about on-call go to the first e-mail
                     *     contact among them. Without steps as urgent.
                     */
                    normal?: components["schemas"]["NotificationStep"][];
                    /** @description Hold notices about on-call, but no page. */
                    quietHours?: components["schemas"]["QuietHours"];
                    /**
                     * @description For pages about urgent incidents. The person's other verified contacts come after
                     *     the last step, each when the one before has failed. Without steps all contacts are
                     *     tried in their order like that.
                     */
                    urgent?: components["schemas"]["NotificationStep"][];
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationRules"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    WhoIsOnCall: {
        parameters: {
            query?: {
                /** @description Unset means now. */
                instant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoIsOnCallResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetOnCallNotice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnCallNotice"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListOrganizations: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListOrganizationsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Name 1 to 100 characters and plan. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Organization"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organization: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organization: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    createTime?: string;
                    /** @description Organization-wide members see all of the organization's tickets, else their own. */
                    membersSeeAll?: boolean;
                    name?: string;
                    /** @description Support plan: "standard", "premium" or "enterprise". */
                    plan?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListApplications: {
        parameters: {
            query?: {
                /** @description Only applications with an environment whose name begins with it, whatever the case. */
                environmentPrefix?: string;
                /** @description Only applications whose name begins with it, whatever the case. */
                namePrefix?: string;
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path: {
                /** @description "-" stands for all. */
                organization: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListApplicationsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organization: string;
            };
            cookie?: never;
        };
        /** @description Organization, name 1 to 100 characters, and environments with name and kind. */
        requestBody: {
            content: {
                "application/json": {
                    environments?: components["schemas"]["Environment"][];
                    id?: string;
                    name?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application: string;
                organization: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListMembers: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path: {
                organization: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListMembersResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organization: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DirectoryService.CreateMemberBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                member: string;
                organization: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                member: string;
                organization: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Empty: organization-wide. Else limited to these applications. */
                    applications?: string[];
                    disabled?: boolean;
                    email?: string;
                    locale?: string;
                    name?: string;
                    role?: components["schemas"]["MemberRole"];
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListPages: {
        parameters: {
            query?: {
                /** @description Only pages that nobody has acknowledged and that are not over. */
                open?: boolean;
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
                /** @description Only pages of this ticket. */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPagesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    OpenPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenPageRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetPage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    AcknowledgePage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageService.AcknowledgePageBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    EscalatePage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageService.EscalatePageBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    SnoozePage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageService.SnoozePageBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UnacknowledgePage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageService.UnacknowledgePageBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListSchedules: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSchedulesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteSchedule: {
        parameters: {
            query?: {
                /** @description As it was read; unset means whatever it is now. Another one is ABORTED. */
                etag?: string;
            };
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateSchedule: {
        parameters: {
            query?: {
                /** @description Make the schedule if there is none of this id, whatever the mask. */
                allowMissing?: boolean;
            };
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        /** @description Id and the fields of update_mask; validated after the merge. */
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Changes with the name, the zone and the layers, not with overrides, which are
                     *     changed one by one. An update that names another one is ABORTED.
                     */
                    etag?: string;
                    layers?: components["schemas"]["Layer"][];
                    /**
                     * @description What people choose it by. One that another schedule has, in capitals or not, is
                     *     ALREADY_EXISTS.
                     */
                    name?: string;
                    /**
                     * @description Those that end in the future, in the order in which they were made; changed by
                     *     CreateOverride, CreateSwap and DeleteOverride only.
                     */
                    overrides?: components["schemas"]["Override"][];
                    /**
                     * @description IANA zone, whose clock on the wall the layers go by. A time that it skips is the
                     *     first instant after the gap; of one that it shows twice the first counts.
                     */
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateSwap: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnCallService.CreateSwapBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateSwapResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListOverrides: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListOverridesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateOverride: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    endTime?: string;
                    id?: string;
                    kind?: components["schemas"]["Override.Kind"];
                    layers?: components["schemas"]["Layer"][];
                    person?: string;
                    replacedPerson?: string;
                    /** Format: date-time */
                    startTime?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Override"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteOverride: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                override: string;
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListShifts: {
        parameters: {
            query?: {
                /** @description At most 100 days later. */
                endTime?: string;
                /** @description 1 to 1,000; 0 means 500. */
                pageSize?: number;
                pageToken?: string;
                startTime?: string;
            };
            header?: never;
            path: {
                schedule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListShiftsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetSite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description People of a demo whom every visitor can be; empty elsewhere. */
                        demoLogins: {
                            email: string;
                            name: string;
                            password: string;
                            role: string;
                        }[];
                        /** @description The mailbox of last resort, empty where there is none. */
                        emergencyAddress: string;
                        /** @description The request came with a login session, which may have ended. */
                        hasSession: boolean;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListSlaPolicies: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSlaPoliciesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListStaff: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListStaffResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateStaff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateStaffRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Staff"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateStaff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                "staff.id": string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    disabled?: boolean;
                    email?: string;
                    locale?: string;
                    name?: string;
                    role?: components["schemas"]["StaffRole"];
                    /**
                     * @description The teams whose tickets are this person's business, as triage and tickets
                     *     name them; at most 20, of 1 to 64 characters.
                     */
                    teams?: string[];
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Staff"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListSuppressions: {
        parameters: {
            query?: {
                /** @description Only those of these addresses, in any case; all if there are none. */
                addresses?: string[];
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSuppressionsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteSuppression: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                suppression: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListTickets: {
        parameters: {
            query?: {
                /**
                 * @description Query, such as: is:open type:incident priority:>=high app:shop "payment error". All of it must match; a minus in
                 *     front leaves out, and commas mean "or". Keys are is, type, priority, app, env, assignee, requester, cc, org, number,
                 *     in, and for staff team and tag; created and updated with a day, a time ago such as >-7d, or a range a..b; sla with
                 *     the time until something is owed, such as <1h, which includes what is overdue, or >30m, or with breached, as
                 *     is:breached; and sort with updated-desc, updated-asc, created-desc, created-asc, priority-desc or due.
                 */
                filter?: string;
                /**
                 * @description "update_time desc" (default), "create_time desc", "create_time", "update_time", "priority desc": the most urgent
                 *     first, and of equal ones those that changed last, or "next_due_time": by what support owes next, the first response
                 *     or the resolution; last come those to which it owes nothing. An order in the filter goes before this one.
                 */
                orderBy?: string;
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
                /** @description IANA time zone whose days are those of the filter, such as Europe/Berlin. UTC without one. */
                timeZone?: string;
                /**
                 * @description - VIEW_MINE: Requested by the caller.
                 *      - VIEW_CC: The caller is a CC.
                 *      - VIEW_ALL: All that the caller may see. The default.
                 */
                view?: "VIEW_UNSPECIFIED" | "VIEW_MINE" | "VIEW_CC" | "VIEW_ALL";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListTicketsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateTicket: {
        parameters: {
            query?: {
                /** @description Ids of files that the caller has uploaded and no message has yet. */
                attachments?: string[];
                /**
                 * @description Makes retries safe for 24 hours: the same id and ticket return the ticket
                 *     made first, the same id with another ticket is ALREADY_EXISTS.
                 */
                requestId?: string;
            };
            header?: {
                /** @description Stands for requestId when that is not given: a repeated request with the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Ticket"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    BatchGetTickets: {
        parameters: {
            query?: {
                tickets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchGetTicketsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    BatchUpdateTickets: {
        parameters: {
            query?: never;
            header?: {
                /** @description Stands for requestId when that is not given: a repeated request with the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchUpdateTicketsRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchUpdateTicketsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CountTickets: {
        parameters: {
            query?: {
                /** @description As of ListTickets. */
                filter?: string;
                /** @description As of ListTickets. */
                timeZone?: string;
                /**
                 * @description - VIEW_MINE: Requested by the caller.
                 *      - VIEW_CC: The caller is a CC.
                 *      - VIEW_ALL: All that the caller may see. The default.
                 */
                view?: "VIEW_UNSPECIFIED" | "VIEW_MINE" | "VIEW_CC" | "VIEW_ALL";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountTicketsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    WatchTickets: {
        parameters: {
            query?: {
                /** @description Where to go on; the header Last-Event-ID wins. */
                resumeToken?: string;
            };
            header?: {
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteTicket: {
        parameters: {
            query?: {
                etag?: string;
            };
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Unique, not in creation order, with gaps. */
                ticket: string;
            };
            cookie?: never;
        };
        /** @description Number and the fields of update_mask; validated after the merge. */
        requestBody: {
            content: {
                "application/json": {
                    readonly assignee?: components["schemas"]["Person"];
                    /** @description At most 48; only the addresses are read on input. */
                    ccs?: components["schemas"]["Person"][];
                    /** Format: date-time */
                    readonly closeTime?: string;
                    /** Format: date-time */
                    readonly createTime?: string;
                    /** Format: date-time */
                    readonly deleteTime?: string;
                    /** @description The first message: Markdown, 1 to 65,536 characters. Put out by CreateTicket and GetTicket. */
                    description?: string;
                    /** @description Changes with every change; send it back to detect a lost update. */
                    etag?: string;
                    /** Format: date-time */
                    readonly firstResponseDueTime?: string;
                    /**
                     * Format: date-time
                     * @description When staff first answered.
                     */
                    readonly firstResponseTime?: string;
                    /**
                     * Format: int64
                     * @description The closed ticket that this one follows.
                     */
                    readonly followUpOf?: string;
                    incident?: components["schemas"]["IncidentDetails"];
                    /**
                     * Format: int64
                     * @description The ticket that this one was merged into, which takes what is answered here. Unset
                     *     for whoever may not see that one. Not in lists and streams.
                     */
                    readonly mergedInto?: string;
                    /**
                     * @description Organization id. Members leave it empty; staff name the customer's.
                     *     "unassigned" is that of tickets made of mails from unproven senders, which only
                     *     staff see.
                     */
                    organization?: string;
                    readonly organizationName?: string;
                    readonly page?: components["schemas"]["PageSummary"];
                    /** @description Incidents only for members; unset means normal. */
                    priority?: components["schemas"]["Priority"];
                    /** @description Why the priority is what it is; staff only. */
                    readonly priorityReason?: string;
                    problem?: components["schemas"]["ProblemDetails"];
                    /**
                     * Format: date-time
                     * @description From when on a deleted ticket may be purged.
                     */
                    readonly purgeTime?: string;
                    /** @description Who asked. Members leave it empty; staff name a member by id. */
                    requester?: components["schemas"]["Person"];
                    /** Format: date-time */
                    readonly resolutionDueTime?: string;
                    scope?: components["schemas"]["ticket.v1.Scope"];
                    /** @description The scope could not be checked, as identity was unreachable; incidents only. */
                    readonly scopeUnverified?: boolean;
                    /**
                     * Format: int64
                     * @description Number of the newest event.
                     */
                    readonly sequence?: string;
                    /** Format: date-time */
                    readonly solveTime?: string;
                    /**
                     * Format: date-time
                     * @description When it was marked as spam, or deleted, unless it was restored. For staff: the
                     *     customer does not find it.
                     */
                    readonly spamTime?: string;
                    /** @description Not read at creation. Staff set it by UpdateTicket or with a reply. */
                    status?: components["schemas"]["TicketStatus"];
                    /** @description One line of 1 to 200 characters. */
                    subject?: string;
                    /** @description Staff only. */
                    tags?: string[];
                    task?: components["schemas"]["TaskDetails"];
                    readonly team?: string;
                    type?: components["schemas"]["TicketType"];
                    /** @description The caller has not read the newest message. */
                    readonly unread?: boolean;
                    /** Format: date-time */
                    readonly updateTime?: string;
                    readonly waitingOn?: components["schemas"]["WaitingOn"];
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    AddCcs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.AddCcsBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    AssignTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.AssignTicketBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ChangeRequester: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.ChangeRequesterBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ChangeType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.ChangeTypeBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ExplainSla: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainSlaResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    MarkRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.MarkReadBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    MarkSpam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.MarkSpamBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    MarkUnread: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.MarkUnreadBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    MergeTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The duplicate, which is returned. */
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.MergeTicketBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    AddNote: {
        parameters: {
            query?: never;
            header?: {
                /** @description Stands for requestId when that is not given: a repeated request with the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.AddNoteBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    GetPresence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presence"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ReportPresence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PresenceService.ReportPresenceBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presence"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    RedactField: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.RedactFieldBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    RemoveCc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.RemoveCcBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ReopenTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.ReopenTicketBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ReplyToTicket: {
        parameters: {
            query?: never;
            header?: {
                /** @description Stands for requestId when that is not given: a repeated request with the same key is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.ReplyToTicketBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyToTicketResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    RestoreTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.RestoreTicketBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    SolveTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.SolveTicketBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListDeliveries: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListDeliveriesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only what has a higher sequence: to read on where one has read to. A message or an
                 *     entry that is known may have been redacted since, of which later entries tell.
                 */
                after?: string;
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListEventsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListMessages: {
        parameters: {
            query?: {
                /**
                 * @description Only what has a higher sequence: to read on where one has read to. A message or an
                 *     entry that is known may have been redacted since, of which later entries tell.
                 */
                after?: string;
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path: {
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListMessagesResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    RedactMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the message. */
                message: string;
                ticket: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketService.RedactMessageBody"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    EvaluateTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvaluateTicketRequest"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluateTicketResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    ListViews: {
        parameters: {
            query?: {
                /** @description 1 to 100; 0 means 50. */
                pageSize?: number;
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListViewsResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    CreateView: {
        parameters: {
            query?: {
                /**
                 * @description Makes retries safe for 24 hours: the same id and view return the view made
                 *     first, the same id with another view is ALREADY_EXISTS.
                 */
                requestId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["View"];
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    DeleteView: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                view: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    UpdateView: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                view: string;
            };
            cookie?: never;
        };
        /** @description Id and the fields of update_mask; validated after the merge. */
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    readonly createTime?: string;
                    /** @description As of ListTickets, but every term of it must be understood. */
                    filter?: string;
                    /** @description One line. */
                    name?: string;
                    /** @description As of ListTickets. */
                    orderBy?: string;
                    readonly owner?: components["schemas"]["Person"];
                    /**
                     * Format: int32
                     * @description Where it stands among the others: the lowest first.
                     */
                    position?: number;
                    /** @description All staff have it. For supervisors and admins to set. */
                    shared?: boolean;
                    /** Format: date-time */
                    readonly updateTime?: string;
                };
            };
        };
        responses: {
            /** @description A successful response. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
