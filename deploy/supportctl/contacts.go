package supportctl

import (
	"strconv"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type contactGroup struct {
	List   listContacts  `cmd:"" help:"List contacts, in the order in which they are tried."`
	Verify verifyContact `cmd:"" help:"Enter the code that was sent to a contact: it is used from then on."`
	Code   sendCode      `cmd:"" help:"Have another code sent."`
	Test   testContact   `cmd:"" help:"Send a page that says it is a test."`
}

type listContacts struct {
	Person string `help:"Person id; your own when missing, everybody's for supervisors."`
}

func (c listContacts) Run(e *env) error {
	res, err := notificationv1.NewOnCallServiceClient(e.conn).ListContacts(e.ctx, &notificationv1.ListContactsRequest{Person: c.Person, PageSize: 100})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"CONTACT", "PERSON", "ORDER", "CHANNEL", "VERIFIED", "ADDRESS", "CODE"}}
		for _, c := range res.GetContacts() {
			rows = append(rows, row{
				c.GetId(), c.GetPerson(), strconv.Itoa(int(c.GetPosition())), enumWord(c.GetChannel(), "CHANNEL_"), instant(c.GetVerifyTime()), c.GetAddress(),
				codeWords(c),
			})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more: ask for one --person)"})
		}
		return rows
	})
}

// codeWords says what can be done with the code of a contact, nothing of one that is verified.
func codeWords(c *notificationv1.Contact) string {
	switch {
	case c.GetCodeAnswer() != nil:
		return "refused: " + c.GetCodeAnswer().GetText()
	case c.GetVerifyTime() != nil || c.GetCodeExpireTime() == nil:
		return ""
	case c.GetCodeTriesLeft() == 0:
		return "void"
	}
	return strconv.Itoa(int(c.GetCodeTriesLeft())) + " tries until " + instant(c.GetCodeExpireTime())
}

type verifyContact struct {
	Contact string `arg:"" help:"Id."`
	Code    string `arg:"" help:"Six digits."`
}

func (c verifyContact) Run(e *env) error {
	contact, err := notificationv1.NewOnCallServiceClient(e.conn).VerifyContact(e.ctx, &notificationv1.VerifyContactRequest{Contact: c.Contact, Code: c.Code})
	if err != nil {
		return err
	}
	return e.out.message(contact, func() []row { return []row{{"verified", contact.GetAddress()}} })
}

type sendCode struct {
	Contact string `arg:"" help:"Id."`
}

func (c sendCode) Run(e *env) error {
	contact, err := notificationv1.NewOnCallServiceClient(e.conn).SendContactCode(e.ctx, &notificationv1.SendContactCodeRequest{Contact: c.Contact})
	if err != nil {
		return err
	}
	return e.out.message(contact, func() []row {
		if refused := contact.GetCodeAnswer(); refused != nil {
			return []row{{"refused by", contact.GetAddress()}, {"answer", refused.GetText()}}
		}
		return []row{{"sent to", contact.GetAddress()}}
	})
}

type testContact struct {
	Contact string `arg:"" help:"Id."`
}

func (c testContact) Run(e *env) error {
	res, err := notificationv1.NewOnCallServiceClient(e.conn).TestContact(e.ctx, &notificationv1.TestContactRequest{Contact: c.Contact})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		return []row{{"accepted", strconv.FormatBool(res.GetAccepted())}, {"answer", res.GetAnswer().GetText()}}
	})
}
