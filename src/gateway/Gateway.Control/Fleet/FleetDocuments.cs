using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;
using Gateway.Policy;
using Gateway.Policy.Budgets;

namespace Gateway.Control.Fleet;

/// <summary>The presence of a frontend that is up; renewed periodically, so that one that is gone ages out.</summary>
/// <param name="Frontend">Its name.</param>
/// <param name="At">The time of the last write.</param>
/// <param name="Digest">The digest of its <see cref="FleetConfigDocument"/>.</param>
internal sealed record FleetPresence(string Frontend, DateTimeOffset At, string Digest);

/// <summary>
/// The objects of a frontend's configuration file: a digest of each, and as much of its limits as others need to find
/// the stricter one. No secret is in it, not even as a digest.
/// </summary>
/// <param name="Format">The format of the digests; documents of another format are not compared.</param>
/// <param name="Objects">The digest of each object, by <c>policies/NAME</c>.</param>
/// <param name="Policies">The maximum of each counter of each policy, by the counter's pattern.</param>
/// <param name="Grants">The policy of each grant on each server.</param>
/// <param name="Budgets">The maximum of each budget's counter, by the counter's pattern.</param>
internal sealed record FleetConfigDocument(
    int Format,
    SortedDictionary<string, string> Objects,
    SortedDictionary<string, SortedDictionary<string, string>> Policies,
    SortedDictionary<string, SortedDictionary<string, string?>> Grants,
    SortedDictionary<string, SortedDictionary<string, string>> Budgets)
{
    /// <summary>
    /// The current format. Raise it with every change of a digest, so that two releases do not report differences that
    /// do not exist.
    /// </summary>
    public const int CurrentFormat = 1;

    /// <summary>The top-ups of each budget that has any, which previous releases do not write.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, string>? TopUps { get; init; }

    /// <summary>Returns the document of a configuration file.</summary>
    public static FleetConfigDocument Of(ConfigObjects config)
    {
        var file = config.Objects;
        var document = new FleetConfigDocument(CurrentFormat, New<string>(), New<SortedDictionary<string, string>>(),
            New<SortedDictionary<string, string?>>(), New<SortedDictionary<string, string>>())
        {
            TopUps = file.Budgets.Values.Any(static one => !one.TopUps.IsEmpty) ? New<string>() : null,
        };
        foreach (var server in file.Servers.Values)
        {
            // Digest the names of headers, not their values, and not the arguments of a program: they may be secrets.
            document.Objects[$"servers/{server.Name}"] = Digest(
                $"{server.Address} {string.Join(' ', server.Replicas)} {ServerTransports.NameOf(server.Transport)} "
                + $"{server.Host} {string.Join(' ', server.HeaderNames)}");
        }

        foreach (var policy in file.Policies.Values)
        {
            document.Objects[$"policies/{policy.Name}"] = Hex(SHA256.HashData(policy.Document.Span));
            document.Policies[policy.Name] = LimitsOf(policy.Policy);
        }

        foreach (var (name, list) in file.Lists)
            document.Objects[$"lists/{name}"] = Digest(string.Join('\n', list?.Values ?? []));
        foreach (var grant in file.Grants.Values)
        {
            document.Grants[grant.Name] = new(grant.Servers, StringComparer.Ordinal);
            document.Objects[$"grants/{grant.Name}"] = Digest(string.Create(CultureInfo.InvariantCulture,
                $"{string.Join(' ', grant.Servers.Select(static one => $"{one.Key}={one.Value}"))} {grant.Token} "
                + $"{(grant.Length is null ? grant.ExpiresMs : null)} {grant.Length} {grant.IsPaused} "
                + $"{grant.ToolsAs}{(grant.Match is { } match ? $" {match.Text}" : "")}"));
        }

        foreach (var issuer in config.Callers.Issuers)
            document.Objects[$"issuers/{issuer.Name}"] = Digest(issuer.Text);
        foreach (var budget in file.Budgets.Values)
        {
            document.Budgets[budget.Name] = new(StringComparer.Ordinal)
            {
                [FleetLimits.PatternOf(budget.CounterOf(null))] = budget.Max.ToString(),
            };
            document.Objects[$"budgets/{budget.Name}"] = Digest(
                $"{budget.CounterOf(null).Kind.Name} {budget.Window} {budget.Max} {budget.IsKeyed} "
                + $"{budget.IsRefundable} {string.Join(',', budget.Services)} {string.Join(',', budget.Grants)} "
                + string.Join(',', budget.Domains)
                + (TopUpsOf(budget) is { } topUps ? $" {topUps}" : "")
                + (budget.NotifyAt.IsEmpty ? "" : $" {string.Join(',', budget.NotifyAt)}"));
            if (TopUpsOf(budget) is { } raises)
                document.TopUps![budget.Name] = raises;
        }

        foreach (var (name, alert) in config.Alerts)
            document.Objects[$"alerts/{name}"] = Hex(SHA256.HashData(Alert(alert)));
        return document;
    }

    private static byte[] Alert(AlertSpec alert) =>
        JsonSerializer.SerializeToUtf8Bytes(alert, SpecJson.Default.AlertSpec);

    /// <summary>Returns the top-ups of a budget, as frontends compare them; null if there are none.</summary>
    public static string? TopUpsOf(Budget budget) => budget.Raises.IsEmpty ? null
        : string.Join(' ', budget.Raises.Select(static one => string.Create(
            CultureInfo.InvariantCulture, $"{one.By}@{one.UntilMs}")));

    /// <summary>Returns the maximum of each counter that a policy enforces, by the counter's pattern.</summary>
    public static SortedDictionary<string, string> LimitsOf(CompiledPolicy policy)
    {
        var limits = New<string>();
        foreach (var cost in policy.Bind("g", "s").Limits)
            limits[FleetLimits.PatternOf(cost.Key)] = cost.Max.ToString();
        return limits;
    }

    /// <summary>Returns the document's bytes, always the same for the same objects.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, FleetJson.Default.FleetConfigDocument);

    private static SortedDictionary<string, T> New<T>() => new(StringComparer.Ordinal);

    private static string Digest(string text) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Hex(byte[] digest) => Convert.ToHexStringLower(digest);
}

/// <summary>Unknown members are skipped: another release may write more.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FleetConfigDocument))]
[JsonSerializable(typeof(FleetPresence))]
internal sealed partial class FleetJson : JsonSerializerContext;
