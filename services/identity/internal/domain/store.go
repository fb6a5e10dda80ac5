package domain

import (
	"context"
	"math"
	"time"
)

// Reads returns what is stored. A thing that does not exist is a NotFound fault named after it, such as
// PERSON_NOT_FOUND. What a viewer may see is decided by what is stored of that person, not by an access token.
type Reads interface {
	Organization(ctx context.Context, id string) (Organization, error)
	// VisibleOrganization is Organization for one that the person may see.
	VisibleOrganization(ctx context.Context, viewer, id string) (Organization, error)
	// Organizations returns those that the person may see, by (name, id), after a position.
	Organizations(ctx context.Context, viewer string, after Position, limit int) ([]Organization, error)

	// Application returns one with its environments; one of another organization is not found.
	Application(ctx context.Context, organization, id string) (Application, error)
	// Applications returns those asked for that the person may see, by (name in lower case, id), after a position.
	Applications(ctx context.Context, viewer string, asked ApplicationFilter, after Position, limit int) ([]Application, error)

	Person(ctx context.Context, id string) (Person, error)
	// Members returns those of an organization that the person may see, by (name, id), after a position. Who is limited to
	// applications sees those who may see one of them.
	Members(ctx context.Context, viewer, organization string, after Position, limit int) ([]Person, error)
	// Staff returns staff by (name, id), after a position.
	Staff(ctx context.Context, after Position, limit int) ([]Person, error)
	// Password returns a person and the hash of the password, by emailKey.
	Password(ctx context.Context, emailKey string) (p Person, hash string, err error)

	// Session and APIToken find a credential by the hash of its secret, with its person. Expired ones are returned too.
	Session(ctx context.Context, secretHash string) (Session, Person, error)
	APIToken(ctx context.Context, secretHash string) (APIToken, Person, error)
	// Sessions and APITokens return those of a person, the newest first, after a position.
	Sessions(ctx context.Context, person string, after Moment, limit int) ([]Session, error)
	APITokens(ctx context.Context, person string, after Moment, limit int) ([]APIToken, error)

	// SigningKeys returns all keys, by NotBefore.
	SigningKeys(ctx context.Context) ([]SigningKey, error)
}

// ApplicationFilter says which applications are asked for; what is "" says nothing.
type ApplicationFilter struct {
	Organization      string
	NamePrefix        string // in any case, as is the other
	EnvironmentPrefix string // of one of its environments
}

// Position is where a page ended: the name and id of its last item. The zero value is the start.
type Position struct {
	Name string `json:"n"`
	ID   string `json:"i"`
}

// Moment is where a page of what was made at some time ended: the instant and id of its last item. The zero value is the
// start.
type Moment struct {
	At time.Time `json:"t"`
	ID string    `json:"i"`
}

// all is a limit for lists that are read whole: more than there is of anything.
const all = math.MaxInt32

// Store keeps everything.
type Store interface {
	Reads
	// Change runs fn in one transaction and commits if and only if it returns nil. Changes run one after another, also
	// between processes, so what fn has read stays true until the commit. fn may run again and touches only tx.
	Change(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// TouchSession and TouchAPIToken record the last use. They may be lost by a power cut.
	TouchSession(ctx context.Context, id string, at time.Time) error
	TouchAPIToken(ctx context.Context, id string, at time.Time) error
}

// Tx is a change in progress. Each Put, Insert, Update, Remove and Revoke is one version of the directory and is told to
// the other services.
type Tx interface {
	Reads

	PutOrganization(ctx context.Context, o Organization) error
	// InsertApplication is Exists APPLICATION_EXISTS when the organization has one of that name.
	InsertApplication(ctx context.Context, a Application) error
	// RemoveApplication removes it with its environments. Nobody may be limited to it.
	RemoveApplication(ctx context.Context, a Application) error
	// LimitedTo returns the members who are limited to the application, alone or among others.
	LimitedTo(ctx context.Context, application string) ([]Person, error)

	// InsertPerson is Exists EMAIL_EXISTS when any person has the address, whatever the case.
	InsertPerson(ctx context.Context, p Person, passwordHash string) error
	UpdatePerson(ctx context.Context, p Person) error
	// RemovePerson removes a person with the password, sessions and API tokens.
	RemovePerson(ctx context.Context, p Person) error
	// Admins counts those who can log in; "" counts staff.
	Admins(ctx context.Context, organization string) (int, error)
	PasswordOf(ctx context.Context, person string) (hash string, err error)
	// SetPassword is no version: other services know nothing of passwords.
	SetPassword(ctx context.Context, person, hash string) error

	InsertSession(ctx context.Context, s Session, secretHash string) error
	InsertAPIToken(ctx context.Context, t APIToken, secretHash string) error
	// DeleteSession and DeleteAPIToken are NotFound when the person has none with that id.
	DeleteSession(ctx context.Context, person, id string) error
	DeleteAPIToken(ctx context.Context, person, id string) error
	// Revoke ends access tokens everywhere.
	Revoke(ctx context.Context, r Revocation) error

	InsertKey(ctx context.Context, k SigningKey) error
	UpdateKey(ctx context.Context, k SigningKey) error
	RemoveKey(ctx context.Context, k SigningKey) error

	// Prune deletes the sessions last used before idle or made before absolute, API tokens that expired before now, and
	// revocations older than revoked, which concern no token any more.
	Prune(ctx context.Context, now, idle, absolute, revoked time.Time) error
	// HousekeepIn makes Housekeep run after d, once, however often it is called.
	HousekeepIn(ctx context.Context, d time.Duration) error
}
