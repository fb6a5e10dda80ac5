{{/*
What each component is, as opposed to how an installation runs it (values.services). Nothing here is for users to change.
  command   argument that makes the binary serve; none where it knows no other
  sql       has a schema of its own in PostgreSQL
  grpc      serves gRPC on 9000
  redis     uses Redis
  objects   keeps files in the object store
  outward   sends pages and mail to the outside
  stateful  keeps what it has on a disk of its own
  http      what it serves by HTTP besides administration
  peers     whom it calls: environment names, addresses and network policies follow from it
  optional  peers that it works without
  public    gRPC services that people and their programs call
*/}}
{{- define "altis.components" -}}
identity:
  binary: identityd
  command: serve
  sql: true
  grpc: true
  redis: true
  peers: [ticket, triage, notification]
  public: [AccountService, AuthService, DirectoryService]
ticket:
  binary: ticketd
  command: serve
  sql: true
  grpc: true
  redis: true
  objects: true
  peers: [identity, triage, notification, emergency]
  optional: [emergency]
  public: [AttachmentService, PresenceService, TicketService, ViewService]
triage:
  binary: triaged
  command: serve
  sql: true
  grpc: true
  redis: true
  peers: [identity, ticket]
  public: [TriageService]
notification:
  binary: notificationd
  command: serve
  sql: true
  grpc: true
  redis: true
  objects: true
  outward: true
  http: {ack: 8081}
  peers: [identity, ticket, emergency]
  optional: [emergency]
  public: [CalendarService, DrillService, MailService, NoticeService, OnCallService, PageService]
gateway:
  binary: gatewayd
  command: serve
  redis: true
  http: {http: 8080}
  peers: [identity, ticket, triage, notification]
emergency:
  binary: emergencyd
  grpc: true
  outward: true
  stateful: true
  http: {ack: 8082}
  peers: [notification, ticket]
  optional: [ticket]
{{- end }}

{{- define "altis.component" -}}
{command: "", sql: false, grpc: false, redis: false, objects: false, outward: false, stateful: false, http: {}, optional: [], public: []}
{{- end }}

{{/*
The enabled services as YAML: values.defaults, over them values.services.NAME, and under `is` what the component is. smtp is
there for those that take mails.
*/}}
{{- define "altis.services" -}}
{{- $out := dict -}}
{{- range $name, $component := include "altis.components" . | fromYaml -}}
{{- $svc := mergeOverwrite (deepCopy $.Values.defaults) (deepCopy (index $.Values.services $name)) -}}
{{- $_ := set $svc "is" (mergeOverwrite (include "altis.component" $ | fromYaml) $component) -}}
{{- if not (dig "smtp" "enabled" $svc.is.stateful $svc) }}{{ $_ := set $svc "smtp" dict }}{{ end -}}
{{- if $svc.enabled }}{{ $_ := set $out $name $svc }}{{ end -}}
{{- end -}}
{{ toYaml $out }}
{{- end }}
