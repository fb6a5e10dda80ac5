-- +goose Up
-- The orders of lists by urgency, which customers see of incidents only, and by what is owed next: of all tickets, and of those
-- of an organization. What is sorted by has to be the same expression as in the lists.
CREATE INDEX tickets_priority ON tickets (priority, update_time, number);
CREATE INDEX tickets_organization_priority ON tickets (organization, (CASE WHEN type = 1 THEN priority ELSE 0 END), update_time, number);
CREATE INDEX tickets_due ON tickets ((MIN(CASE WHEN status <= 4 AND first_response_due > 0 AND first_response = 0 THEN first_response_due ELSE 9223372036854775807 END,
  CASE WHEN status <= 4 AND resolution_due > 0 AND solve_time = 0 THEN resolution_due ELSE 9223372036854775807 END)), number);
CREATE INDEX tickets_organization_due ON tickets (organization, (MIN(CASE WHEN status <= 4 AND first_response_due > 0 AND first_response = 0 THEN first_response_due ELSE 9223372036854775807 END,
  CASE WHEN status <= 4 AND resolution_due > 0 AND solve_time = 0 THEN resolution_due ELSE 9223372036854775807 END)), number);

-- +goose Down
DROP INDEX tickets_organization_due;
DROP INDEX tickets_due;
DROP INDEX tickets_organization_priority;
DROP INDEX tickets_priority;
