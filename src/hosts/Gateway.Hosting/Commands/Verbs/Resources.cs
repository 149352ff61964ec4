using Gateway.Admin.Alerts;
using Gateway.Admin.Approvals;
using Gateway.Admin.Budgets;
using Gateway.Admin.Channels;
using Gateway.Admin.Connections;
using Gateway.Admin.Counters;
using Gateway.Admin.Grants;
using Gateway.Admin.Lists;
using Gateway.Admin.Operators;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Admin.SignIn;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>The objects that have simple verbs.</summary>
internal static class Resources
{
    public static readonly Resource<GrantView> Grants = new(
        "grant", "grants", ClientJson.Default.PageViewGrantView, "There are no grants. See: gateway grant create",
        ("NAME", static grant => grant.Name),
        ("STATUS", static grant => grant.Status),
        ("SERVERS", static grant => ResourceText.Servers(grant)),
        ("LAST USED", static grant => Times.Show(grant.LastUsed)),
        ("EXPIRES", static grant => Times.Show(grant.Expires)),
        ("FROM", static grant => grant.Via is { } via ? $"{via}: {grant.Client}" : grant.Origin))
    {
        One = ClientJson.Default.GrantView,
        Facts = static grant =>
        [
            ("name", grant.Name),
            ("status", grant.Status),
            ("paused by", ResourceText.Joined(grant.PausedBy)),
            ("pause", grant.Pause is { } pause ? ResourceText.Paused(pause) : null),
            ("servers", ResourceText.Servers(grant)),
            .. ResourceText.Members(grant),
            ("last used", Times.Show(grant.LastUsed) ?? "never"),
            ("created", Times.Show(grant.Created)),
            ("expires", Times.Show(grant.Expires) ?? "never"),
            ("old token until", Times.Show(grant.PreviousTokenUntil)),
            ("client", grant.Client),
            ("client id", grant.ClientId),
            ("allowed by", grant.AllowedBy),
            ("from", grant.Via ?? grant.Origin),
        ],
        Notes = static grant =>
        [
            .. (grant.Urls ?? new Dictionary<string, string>()).Select(static one => $"{one.Key}: {one.Value}"),
            .. grant.Url is { } all ? [$"all servers at one address: {all}"] : (string[])[],
        ],
    };

    public static readonly Resource<ServerView> Servers = new(
        "server", "servers", ClientJson.Default.PageViewServerView, "There are no servers. See: gateway server add",
        ("NAME", static server => server.Name),
        ("URL", static server => server.Url),
        ("STATUS", static server => server.Paused is not null ? "paused"
            : ResourceText.Detached(server) is null ? "active" : "credential must be entered again"),
        ("HEADERS", static server => string.Join(", ", server.HeaderNames)),
        ("PROGRAMS", static server => ResourceText.Programs(server.Programs)),
        ("FROM", static server => server.Origin))
    {
        One = ClientJson.Default.ServerView,
        Facts = static server =>
        [
            ("name", server.Name),
            ("status", ResourceText.Paused(server.Paused)),
            ("url", server.Url),
            ("replicas", ResourceText.Replicas(server)),
            ("transport", ResourceText.Transport(server)),
            ("route", server.Health?.Route),
            ("tls", ResourceText.Tls(server.Tls)),
            ("timeouts", ResourceText.Timeouts(server.Timeouts)),
            ("tasks", ResourceText.Tasks(server.Tasks)),
            ("headers", ResourceText.Joined(server.HeaderNames)),
            ("credential", ResourceText.Detached(server) is { } gone ? $"must be entered again: {gone}" : null),
            ("account", server.OAuth?.ClientId),
            ("no token", server.OAuth?.LastError),
            ("programs", ResourceText.Programs(server.Programs)),
            ("from", server.Origin),
        ],
    };

    public static readonly Resource<PolicyView> Policies = new(
        "policy", "policies", ClientJson.Default.PageViewPolicyView, "There are no policies. See: gateway policy set",
        ("NAME", static policy => policy.Name),
        ("SHA256", static policy => policy.Sha256),
        ("GRANTS", static policy => string.Join(", ", policy.Grants)),
        ("FROM", static policy => policy.Origin),
        ("CANDIDATE", static policy => policy.Candidate is not { } candidate ? null
            : ResourceText.Joined(candidate.Grants) is { } grants ? $"decides for {grants}" : "evaluates"));

    public static readonly Resource<ListView> Lists = new(
        "list", "lists", ClientJson.Default.PageViewListView, "There are no lists. See: gateway list set",
        ("NAME", static list => list.Name),
        ("VALUES", static list => list.Count is { } count ? $"{count}" : "cannot be read"),
        ("POLICIES", static list => string.Join(", ", list.Policies)),
        ("FROM", static list => list.Origin));

    public static readonly Resource<SharedBudgetView> SharedBudgets = new(
        "budget", "budgets", ClientJson.Default.PageViewSharedBudgetView,
        "There are no budgets. See: gateway budget set",
        ("NAME", static budget => budget.Name),
        ("USED", static budget => budget.Status.Used),
        ("MAX", static budget => budget.Status.Max ?? budget.Max),
        ("WINDOW", static budget => budget.Window),
        ("RESETS", static budget => Times.Show(budget.Status.Reset)),
        ("EXHAUSTED", static budget => Times.Show(budget.Status.ExhaustedAt)),
        ("POLICIES", static budget => string.Join(", ", budget.Status.Policies)),
        ("FROM", static budget => budget.Origin))
    {
        One = ClientJson.Default.SharedBudgetView,
        Facts = static budget =>
        [
            ("name", budget.Name),
            ("used", budget.Status.Used ?? budget.Status.Problem),
            ("left", budget.Status.Left),
            ("max", budget.Max),
            ("max now", budget.Status.Max),
            ("window", budget.Window),
            ("kind", budget.Kind),
            ("zone", budget.Zone),
            ("resets", Times.Show(budget.Status.Reset)),
            ("exhausted", Times.Show(budget.Status.ExhaustedAt)),
            ("keyed", budget.Keyed == true ? "yes" : null),
            ("refundable", budget.Refundable == true ? "yes" : null),
            ("services", ResourceText.Joined(budget.Services ?? [])),
            ("grants", ResourceText.Joined(budget.Grants ?? [])),
            ("domains", ResourceText.Joined(budget.Domains ?? [])),
            ("policies", ResourceText.Joined(budget.Status.Policies)),
            ("charged by", ResourceText.Joined(budget.Status.Consumers ?? [])),
            ("notify at", budget.NotifyAt is { } percents ? string.Join(", ", percents.Select(static one => $"{one} %"))
                : null),
            ("from", budget.Origin),
        ],
        Notes = static budget => (budget.TopUps ?? []).Select(static (one, at) =>
            $"Top-up {at + 1}: {one.By} until {one.Until}: {one.Reason}"),
    };

    public static readonly Resource<OperatorView> Operators = new(
        "operator", "operators", ClientJson.Default.PageViewOperatorView,
        "There are no operators. See: gateway operator create",
        ("NAME", static one => one.Name),
        ("STATUS", static one => one.Status),
        ("ROLES", static one => ResourceText.Roles(one.Roles)),
        ("LAST USED", static one => Times.Show(one.LastUsed)),
        ("DISPLAY NAME", static one => one.DisplayName))
    {
        One = ClientJson.Default.OperatorView,
        Facts = static one =>
        [
            ("name", one.Name),
            ("status", one.Status),
            ("display name", one.DisplayName),
            ("roles", ResourceText.Roles(one.Roles)),
            ("password", one.HasPassword ? "set" : "none"),
            ("last used", Times.Show(one.LastUsed) ?? "never"),
            ("created", Times.Show(one.Created)),
        ],
    };

    public static readonly Resource<InvitationView> Invitations = new(
        "invitation", "invitations", ClientJson.Default.PageViewInvitationView,
        "There are no open invitations. See: gateway operator invite",
        ("NAME", static one => one.Name),
        ("ROLES", static one => ResourceText.Roles(one.Roles)),
        ("BY", static one => one.By),
        ("CREATED", static one => Times.Show(one.Created)),
        ("EXPIRES", static one => Times.Show(one.Expires)));

    public static readonly Resource<AbsenceView> Absences = new(
        "absence", "approvals/absences", ClientJson.Default.PageViewAbsenceView,
        "Nobody is away. See: gateway operator away",
        ("OPERATOR", static one => one.Operator),
        ("STATE", static one => one.State),
        ("FROM", static one => Times.Show(one.From)),
        ("UNTIL", static one => Times.Show(one.Until)),
        ("DELEGATE", static one => one.Delegate),
        ("DECIDES NOW", static one => one.Decides ? "yes" : "no"),
        ("NOTE", static one => one.Note));

    /// <summary>The keys of one operator; their address is below the operator's.</summary>
    public static readonly Resource<KeyView> Keys = new(
        "key", "keys", ClientJson.Default.PageViewKeyView, "There are no keys. See: gateway key create",
        ("NAME", static key => key.Name),
        ("STATUS", static key => key.Status),
        ("ROLES", static key => ResourceText.Roles(key.Roles)),
        ("LAST USED", static key => Times.Show(key.LastUsed)),
        ("EXPIRES", static key => Times.Show(key.Expires)));

    /// <summary>The passkeys of one operator; their address is below the operator's.</summary>
    public static readonly Resource<PasskeyView> Passkeys = new(
        "passkey", "passkeys", ClientJson.Default.PageViewPasskeyView, "There are no passkeys.",
        ("NAME", static one => one.Name),
        ("DOMAIN", static one => one.Domain),
        ("CREATED", static one => Times.Show(one.Created)),
        ("LAST USED", static one => Times.Show(one.LastUsed)));

    public static readonly Resource<SessionView> Sessions = new(
        "session", "sessions", ClientJson.Default.PageViewSessionView, "No browser is signed in.",
        ("SESSION", static one => one.Id),
        ("OPERATOR", static one => one.Operator),
        ("SINCE", static one => Times.Show(one.Created)),
        ("SEEN", static one => Times.Show(one.Seen)),
        ("EXPIRES", static one => Times.Show(one.Expires)),
        ("FROM", static one => one.From),
        ("BROWSER", static one => one.Agent));

    public static readonly Resource<ChannelView> Channels = new(
        "channel", "channels", ClientJson.Default.PageViewChannelView,
        "There are no channels. See: gateway channel add",
        ("NAME", static channel => channel.Name),
        ("KIND", static channel => ResourceText.Word(channel.Kind)),
        ("HOST", static channel => channel.Host ?? "cannot be decrypted"),
        ("ONLY", static channel => ResourceText.Only(channel)),
        ("PENDING", static channel => $"{channel.Pending}"),
        ("DEAD", static channel => $"{channel.Dead}"),
        ("PROBLEM", static channel => channel.Problem))
    {
        One = ClientJson.Default.ChannelView,
        Facts = static channel =>
        [
            ("name", channel.Name),
            ("kind", ResourceText.Word(channel.Kind)),
            ("host", channel.Host ?? "cannot be decrypted"),
            ("only", ResourceText.Only(channel)),
            ("links to", channel.LinkBase),
            ("arguments", channel.IncludesArguments ? "included" : "left out"),
            ("private address", channel.AllowsPrivate ? "allowed" : null),
            ("slack channel", channel.Slack?.Conversation),
            ("pending", $"{channel.Pending}"),
            ("dead", $"{channel.Dead}"),
            ("problem", channel.Problem),
        ],
    };

    public static readonly Resource<AlertView> Alerts = new(
        "alert rule", "alerts", ClientJson.Default.PageViewAlertView,
        "There are no alert rules. See: gateway alerts create",
        ("NAME", static alert => alert.Name),
        ("STATE", static alert => ResourceText.State(alert)),
        ("MEASURE", static alert => alert.Measure),
        ("ABOVE", static alert => $"{alert.Above}"),
        ("FROM", static alert => alert.Origin),
        ("NOW", static alert => alert.Text))
    {
        One = ClientJson.Default.AlertView,
        Facts = static alert =>
        [
            ("name", alert.Name),
            ("state", ResourceText.State(alert)),
            ("now", alert.Text),
            ("from", alert.Origin),
            .. AlertSpec.Members.Select(member => (member.Words, member.Get(alert)?.ToString())),
        ],
    };

    public static readonly Resource<AttentionView> Attention = new(
        "condition", "attention", ClientJson.Default.PageViewAttentionView, "Nothing needs attention.",
        ("ID", static one => one.Id),
        ("SEVERITY", static one => one.Severity),
        ("CONDITION", static one => one.Text),
        ("SINCE", static one => Times.Show(one.Since)),
        ("ASSIGNEE", static one => one.Note?.Assignee),
        ("SNOOZED UNTIL", static one => Times.Show(one.Note?.SnoozedUntil)),
        ("COMMENT", static one => one.Note?.Comment));

    public static readonly Resource<CounterView> Counters = new(
        "counter", "counters", ClientJson.Default.PageViewCounterView, "No active policy or budget has a limit.",
        ("COUNTER", static counter => counter.Key),
        ("USED", static counter => counter.Used ?? counter.Problem),
        ("LEFT", static counter => counter.Remaining),
        ("MAX", static counter => counter.Max),
        ("WINDOW", static counter => counter.Window),
        ("RESETS", static counter => Times.Show(counter.ResetAt)),
        ("COUNTS", static counter => ResourceText.Counts(counter.Each, counter.EachMax)));

    public static readonly Resource<ConnectionView> Connections = new(
        "connection", "connections", ClientJson.Default.PageViewConnectionView, "No caller has connected.",
        ("CONNECTION", static one => one.Name),
        ("SERVER", static one => one.Server),
        ("GRANT", static one => one.Grant),
        ("SUBJECT", static one => one.Subject),
        ("SINCE", static one => Times.Show(one.Connected)),
        ("PROBLEM", static one => one.Problem));

    public static readonly Resource<StandingView> Standing = new(
        "standing approval", "approvals/standing", ClientJson.Default.PageViewStandingView,
        "There are no standing approvals.",
        ("ID", static one => one.Id),
        ("STATE", static one => one.State),
        ("GRANT", static one => one.Grant),
        ("SERVER", static one => one.Server),
        ("TOOL", static one => one.Tool),
        ("USED", static one => $"{one.Used} of {one.Next}"),
        ("EXPIRES", static one => Times.Show(one.Expires)),
        ("BY", static one => one.MadeBy),
        ("WHERE", static one => ResourceText.Where(one.Where)),
        ("WHY", static one => one.Why));

    /// <summary>Warns of names, other than patterns, that do not exist yet.</summary>
    /// <param name="client">The gateway.</param>
    /// <param name="kind">A server or a grant.</param>
    /// <param name="names">The names or patterns.</param>
    /// <param name="cancellation">Cancels the requests.</param>
    public static async Task WarnAsync(
        AdminClient client, string kind, IEnumerable<string> names, CancellationToken cancellation)
    {
        foreach (var name in names.Where(static name => !name.AsSpan().ContainsAny("*?:(")))
        {
            try
            {
                await client.GetAsync($"{kind}s/{Uri.EscapeDataString(name)}", cancellation);
            }
            catch (AdminProblemException e) when (e.Unknown is { } unknown)
            {
                Console.Error.WriteLine($"warning: {unknown.Sentence}");
            }
        }
    }
}
