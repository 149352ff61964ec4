using System.Collections.Frozen;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Conditions;

/// <summary>
/// <c>host_in</c>: the host of a URL is one of some. A URL whose host two programs could read differently compares with
/// nothing, so it passes neither a <c>require</c> nor a <c>deny_if</c>.
/// </summary>
internal sealed class HostComparison(FrozenSet<string> hosts) : Comparison
{
    public override TriState Compare(JsonNode argument, in JudgedCall call) =>
        argument.Kind == JsonKind.String && call.Work.SpendText(argument.Text)
            && UrlHost.OfUrl(argument.Text) is { } host
            ? TriStateTable.Of(hosts.Contains(host))
            : TriState.Incomparable;

    public override string Describe() =>
        $"is a URL of {string.Join(", ", hosts.Order(StringComparer.Ordinal).Take(10))}"
        + (hosts.Count > 10 ? ", …" : "");
}
