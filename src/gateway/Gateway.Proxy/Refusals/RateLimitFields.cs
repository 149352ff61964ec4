using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Refusals;

/// <summary>
/// The response fields <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers), with one
/// item per limit. Their numbers are integers: the fraction of a decimal is dropped, so that the rest is never
/// overstated.
/// </summary>
internal static class RateLimitFields
{
    // A structured field's integer has at most 15 digits (RFC 8941, 3.3.1).
    private static readonly Int128 IntegerMax = 999_999_999_999_999;

    // Characters of a counter's name that a structured field allows without escaping.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    public static void Write(IHeaderDictionary headers, ImmutableArray<DecisionCost> costs, Permit permit, long nowMs)
    {
        if (costs.IsEmpty)
            return;
        string? policy = null, state = null;
        foreach (var part in permit.Parts)
        {
            var name = Quote(Name(costs, part.Key));
            policy = Joined(policy, Policy(name, part.Key, part.Max));
            state = Joined(state, State(name, part.Max, part.UsedAfter, part.ResetAtMs - nowMs));
        }

        if (policy is not null)
            Set(headers, policy, state!);
    }

    public static void Write(IHeaderDictionary headers, DecisionCost cost, RefusedLimit limit, long nowMs)
    {
        var name = Quote(cost.Counter);
        Set(headers, Policy(name, cost.Cost.Key, limit.Max), State(name, limit.Max, limit.Used,
            limit.ResetAtMs - nowMs));
    }

    private static string Policy(string quoted, CounterKey key, Amount max) => key.Window.Seconds is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{quoted};q={Whole(max)};w={seconds}")
        : string.Create(CultureInfo.InvariantCulture, $"{quoted};q={Whole(max)}");

    private static string State(string quoted, Amount max, Amount used, long leftMs)
    {
        var left = max.CompareTo(used) > 0 ? Whole(max.Nano - used.Nano) : 0;
        var leftSeconds = Math.Max(0, (leftMs + 999) / 1000);
        return string.Create(CultureInfo.InvariantCulture, $"{quoted};r={left};t={leftSeconds}");
    }

    // Most calls have one limit, so there is nothing to join.
    private static string Joined(string? before, string item) => before is null ? item : $"{before}, {item}";

    private static void Set(IHeaderDictionary headers, string policy, string state)
    {
        headers["RateLimit-Policy"] = policy;
        headers["RateLimit"] = state;
    }

    private static string Name(ImmutableArray<DecisionCost> costs, CounterKey key)
    {
        foreach (var cost in costs)
        {
            if (cost.Cost.IsOn(key))
                return cost.Counter;
        }

        return "limit";
    }

    private static long Whole(Amount amount) => Whole(amount.Nano);

    private static long Whole(Int128 nano) => (long)Int128.Min(nano / Amount.One.Nano, IntegerMax);

    private static string Quote(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Plain))
            return $"\"{name}\"";
        var quoted = new StringBuilder(name.Length + 2).Append('"');
        foreach (var c in name)
        {
            if (c is '"' or '\\')
                quoted.Append('\\');
            quoted.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return quoted.Append('"').ToString();
    }
}
