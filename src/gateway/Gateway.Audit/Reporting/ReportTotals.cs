using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Limits.Windows;

namespace Gateway.Audit.Reporting;

/// <summary>
/// Counts records for a report. The number of names is bounded; beyond the bound new names are only counted.
/// </summary>
internal sealed class ReportTotals(IEnumerable<(string Policy, string Rule)> rules)
{
    private const int NamesMax = 20_000;
    private const string Erased = "(erased)";
    private const int OpenMax = 100_000;
    private readonly HashSet<(string Policy, string Rule)> _unused = [.. rules];
    private readonly Dictionary<string, long> _outcomes = [];
    private readonly Dictionary<string, (long Calls, long Refused)> _grants = [];
    private readonly Dictionary<string, (long Calls, long Refused)> _tools = [];
    private readonly Dictionary<string, (long Calls, long Refused)> _callers = [];
    private readonly Dictionary<string, (long Calls, long Refused)> _clients = [];
    private readonly Dictionary<string, (long Calls, long Refused)> _actors = [];
    private readonly Dictionary<(string Policy, string Rule), long> _rules = [];
    private readonly Dictionary<(string Grant, string Server, string Counter), ReportedLimit> _limits = [];
    private readonly Dictionary<(string Server, string Rule), ReportedApprovals> _approvals = [];
    // Charges of calls whose end has not been read yet; they may be returned.
    private readonly Dictionary<string, List<((string, string, string) Limit, decimal Cost)>> _open = [];
    private long _calls;
    private long _refused;
    private long _missing;
    private long _leftOut;

    public void Add(JsonElement record)
    {
        switch (record.Text("kind"))
        {
            case "decision":
                AddDecision(record, 1);
                break;
            case "folded":
                AddDecision(record, Number(record, "decisions"));
                break;
            case "outcome":
                AddOutcome(record);
                break;
            case "charge":
                AddCharge(record);
                break;
            case "approval":
                AddApproval(record);
                break;
            case "gap":
                _missing += Number(record, "decisions");
                break;
            default:
                break;
        }
    }

    public AuditReport Report(DateTimeOffset from, DateTimeOffset to, IEnumerable<string> grants) => new(from, to)
    {
        Calls = _calls,
        Refused = _refused,
        Missing = _missing,
        Outcomes = _outcomes,
        Grants = Counts(_grants),
        Callers = Counts(_callers),
        Clients = Counts(_clients),
        Actors = Counts(_actors),
        Tools = Counts(_tools),
        Rules =
        [
            .. _rules.OrderByDescending(static one => one.Value).Take(AuditReport.RowsMax)
                .Select(static one => new ReportedRule(one.Key.Policy, one.Key.Rule, one.Value)),
        ],
        Limits = [.. AuditReport.InOrder(_limits.Values).Take(AuditReport.RowsMax)],
        Approvals =
        [
            .. _approvals.Values.OrderByDescending(static one => one.Asked).Take(AuditReport.RowsMax),
        ],
        UnusedGrants = [.. grants.Where(name => !_grants.ContainsKey(name)).Take(AuditReport.RowsMax)],
        UnusedRules =
        [
            .. _unused.Order().Take(AuditReport.RowsMax)
                .Select(static one => new ReportedRule(one.Policy, one.Rule, 0)),
        ],
        LeftOut = _leftOut
            + new[]
            {
                _grants.Count, _callers.Count, _clients.Count, _actors.Count, _tools.Count, _rules.Count,
                _limits.Count, _unused.Count, _approvals.Count,
            }
            .Sum(static count => Math.Max(0, count - AuditReport.RowsMax)),
    };

    private static List<ReportedCount> Counts(Dictionary<string, (long Calls, long Refused)> counts) =>
    [
        .. counts.OrderByDescending(static one => one.Value.Calls).ThenBy(static one => one.Key, StringComparer.Ordinal)
            .Take(AuditReport.RowsMax)
            .Select(static one => new ReportedCount(one.Key, one.Value.Calls, one.Value.Refused)),
    ];

    private void AddDecision(JsonElement record, long count)
    {
        // Lists and handshakes call nothing.
        var name = record.Text("tool") ?? record.Text("name");
        if (name is null && record.Text("kind") == "decision")
            return;
        var (grant, server) = (record.Text("grant") ?? "", record.Text("server") ?? "");
        var (outcome, rule, policy) = (
            record.Text("outcome") ?? "", record.Text("rule") ?? "", record.Text("policy") ?? "");
        var refused = outcome == "allowed" ? 0 : count;
        (_calls, _refused) = (_calls + count, _refused + refused);
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + count;
        Count(_grants, grant, count, refused);
        if (record.Text("callerIssuer") is { } issuer)
        {
            Count(_callers, $"{issuer}/{record.Text("caller") ?? Erased}", count, refused);
            if (record.Text("callerClient") is { } client)
                Count(_clients, $"{issuer}/{client}", count, refused);
            if (record.Text("callerActor") is { } actor)
                Count(_actors, $"{issuer}/{actor}", count, refused);
        }

        if (name is not null)
            Count(_tools, $"{server}/{name}", count, refused);
        if (refused > 0 && HasRoom(_rules, (policy, rule)))
            _rules[(policy, rule)] = _rules.GetValueOrDefault((policy, rule)) + count;
        // The part of a rule that names a tool is /tools/NAME, whichever member of it decided.
        if (_unused.Count > 0 && rule.Split('/') is ["", "tools", var tool, ..])
            Use(policy, $"/tools/{tool}");
        AddLimits(record, grant, server, refused);
    }

    private void Use(string policy, string rule)
    {
        // A counted record of many refusals does not name the policy.
        if (policy.Length > 0)
            _unused.Remove((policy, rule));
        else
            _unused.RemoveWhere(one => one.Rule == rule);
    }

    private void AddLimits(JsonElement record, string grant, string server, long refused)
    {
        if (refused > 0)
        {
            if (record.TryGetProperty("limit", out var limit) && limit.Text("counter") is { } counter)
                Change((grant, server, counter), one => one with { Refused = one.Refused + refused, Peak = 1 });
            return;
        }

        var taken = AddCounters(record, grant, server);
        if (taken.Count == 0)
            return;
        if (_open.Count >= OpenMax)
            _open.Clear();
        if (record.Text("callId") is { } id)
            _open[id] = taken;
    }

    /// <summary>Adds the costs that an allowed call or charge has taken, and returns them.</summary>
    private List<((string, string, string) Limit, decimal Cost)> AddCounters(
        JsonElement record, string grant, string server)
    {
        var taken = new List<((string, string, string), decimal)>();
        if (!record.TryGetProperty("counters", out var counters))
            return taken;
        foreach (var part in counters.EnumerateArray())
        {
            var key = (grant, server, CounterOf(part.Text("key") ?? ""));
            var (cost, max, used) = (Amount(part, "cost"), Amount(part, "max"), Amount(part, "used"));
            Change(key, one => one with
            {
                Calls = one.Calls + 1,
                Spent = one.Spent + cost,
                Peak = Math.Max(one.Peak, max > 0 ? (double)(used / max) : 0),
            });
            taken.Add((key, cost));
        }

        return taken;
    }

    /// <summary>
    /// Adds a service's charge of budgets, which grants may share. As in usage reports, the service takes the place of
    /// a grant.
    /// </summary>
    private void AddCharge(JsonElement record)
    {
        var (service, outcome) = (ChargeRecord.ServicePrefix + record.Text("by"), record.Text("outcome"));
        if (outcome == "allowed")
            AddCounters(record, service, ChargeRecord.Server);
        else if (outcome != ChargeRecord.Returned)
            AddLimits(record, service, ChargeRecord.Server, refused: 1);
        else if (record.TryGetProperty("costs", out var costs))
        {
            foreach (var cost in costs.EnumerateArray())
            {
                Change((service, ChargeRecord.Server, cost.Text("budget") ?? ""), one => one with
                {
                    Spent = one.Spent - Amount(cost, "cost"),
                });
            }
        }
    }

    private void AddOutcome(JsonElement record)
    {
        if (record.Text("callId") is not { } id || !_open.Remove(id, out var taken)
            || record.Text("counted") is not ("released" or "refunded" or "nothing"))
        {
            return;
        }

        foreach (var (limit, cost) in taken)
            Change(limit, one => one with { Spent = one.Spent - cost });
    }

    private void AddApproval(JsonElement record)
    {
        var key = (Server: record.Text("server") ?? "", Rule: record.Text("rule") ?? "");
        var one = record.Text("became") switch
        {
            "asked" => new ReportedApprovals(key.Server, key.Rule, 1, 0, 0, 0, 0),
            "approved" => new ReportedApprovals(key.Server, key.Rule, 0, 1, 0, 0, 0),
            "denied" => new ReportedApprovals(key.Server, key.Rule, 0, 0, 1, 0, 0),
            "expired" => new ReportedApprovals(key.Server, key.Rule, 0, 0, 0, 1, 0),
            "unused" => new ReportedApprovals(key.Server, key.Rule, 0, 0, 0, 0, 1),
            _ => null,
        };
        if (one is not null && HasRoom(_approvals, key))
            _approvals[key] = _approvals.TryGetValue(key, out var before) ? before.Plus(one) : one;
    }

    private void Change((string Grant, string Server, string Counter) key, Func<ReportedLimit, ReportedLimit> change)
    {
        if (HasRoom(_limits, key))
        {
            _limits[key] = change(
                _limits.GetValueOrDefault(key) ?? new ReportedLimit(key.Grant, key.Server, key.Counter, 0, 0, 0, 0));
        }
    }

    private void Count(Dictionary<string, (long Calls, long Refused)> counts, string name, long calls, long refused)
    {
        if (!HasRoom(counts, name))
            return;
        var before = counts.GetValueOrDefault(name);
        counts[name] = (before.Calls + calls, before.Refused + refused);
    }

    private bool HasRoom<TKey, TValue>(Dictionary<TKey, TValue> counts, TKey key)
        where TKey : notnull
    {
        var hasRoom = counts.Count < NamesMax || counts.ContainsKey(key);
        if (!hasRoom)
            _leftOut++;
        return hasRoom;
    }

    /// <summary>Returns the name of a counter as in the policy, or of a budget.</summary>
    private static string CounterOf(string key) => CounterKeyReader.TryRead(key, out var read) ? read!.ShownName
        : key.Split('/') is [_, var name, ..] ? name : key;

    private static long Number(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static decimal Amount(JsonElement record, string name) =>
        decimal.TryParse(record.Text(name), NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : 0;
}
