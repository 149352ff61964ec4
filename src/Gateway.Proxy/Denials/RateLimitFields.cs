using System.Collections.Immutable;
using System.Text;
using Gateway.Limits;
using Gateway.Policy;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Denials;

/// <summary>
/// The response fields <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers), one item a
/// limit. Their numbers are integers: a decimal's fraction is dropped, so that what is left is never overstated.
/// </summary>
internal static class RateLimitFields
{
    // A structured field's integer has at most 15 digits (RFC 8941, 3.3.1).
    private static readonly Int128 IntegerMax = 999_999_999_999_999;

    public static void Write(IHeaderDictionary headers, ImmutableArray<DecisionCost> costs, Permit permit, long nowMs)
    {
        if (costs.IsEmpty)
            return;
        var policy = new StringBuilder();
        var state = new StringBuilder();
        foreach (var part in permit.Parts)
            Append(policy, state, Name(costs, part.Key), part.Key, part.Max, part.UsedAfter, part.WindowEndMs - nowMs);
        Set(headers, policy, state);
    }

    public static void Write(IHeaderDictionary headers, DecisionCost cost, RefusedLimit limit, long nowMs)
    {
        var policy = new StringBuilder();
        var state = new StringBuilder();
        Append(policy, state, cost.Counter, cost.Cost.Key, limit.Max, limit.Used, limit.ResetAtMs - nowMs);
        Set(headers, policy, state);
    }

    private static void Append(
        StringBuilder policy, StringBuilder state, string name, CounterKey key, Amount max, Amount used, long leftMs)
    {
        var separator = policy.Length == 0 ? "" : ", ";
        var quoted = Quote(name);
        policy.Append(separator).Append(quoted).Append(";q=").Append(Whole(max));
        if (key.Window.Seconds is { } seconds)
            policy.Append(";w=").Append(seconds);
        var left = max.CompareTo(used) > 0 ? (max.Nano - used.Nano) / Amount.One.Nano : 0;
        state.Append(separator).Append(quoted).Append(";r=").Append(Int128.Min(left, IntegerMax))
            .Append(";t=").Append(Math.Max(0, (leftMs + 999) / 1000));
    }

    private static void Set(IHeaderDictionary headers, StringBuilder policy, StringBuilder state)
    {
        if (policy.Length == 0)
            return;
        headers["RateLimit-Policy"] = policy.ToString();
        headers["RateLimit"] = state.ToString();
    }

    private static string Name(ImmutableArray<DecisionCost> costs, CounterKey key)
    {
        foreach (var cost in costs)
        {
            if (cost.Cost.Key.Equals(key))
                return cost.Counter;
        }

        return "limit";
    }

    private static Int128 Whole(Amount amount) => Int128.Min(amount.Nano / Amount.One.Nano, IntegerMax);

    private static string Quote(string name)
    {
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
