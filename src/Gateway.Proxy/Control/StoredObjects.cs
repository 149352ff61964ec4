using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Policy;
using Gateway.Proxy.Control.Documents;
using Gateway.Proxy.Control.Secrets;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Control;

/// <summary>
/// Turns control documents into objects. One that cannot be read is left out and reported: a grant without its server
/// or policy reaches nothing, so what is left out denies.
/// </summary>
internal sealed class StoredObjects(SecretBox secrets)
{
    // Policies are the only documents that cost to read, and few of them change at a time.
    private Dictionary<(string Name, long Version), PolicyDefinition> _compiled = [];
    private ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    public GatewayObjects Read(ControlSnapshot documents, out ImmutableArray<string> problems)
    {
        _problems = ImmutableArray.CreateBuilder<string>();
        var policies = documents.OfKind(ControlKinds.Policies).Select(Policy).OfType<PolicyDefinition>().ToList();
        var objects = GatewayObjects.Of(
            documents.OfKind(ControlKinds.Servers).Select(Server).OfType<ServerModel>(),
            policies,
            documents.OfKind(ControlKinds.Grants).Select(Grant).OfType<GrantDefinition>());
        problems = _problems.ToImmutable();
        return objects;
    }

    public static CounterGenerations Generations(ControlSnapshot documents) => new(
        documents.OfKind(ControlKinds.Generations).Select(static document => KeyValuePair.Create(
            document.Key.Name,
            JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.GenerationDocument)!.Generation)));

    public static TokenHash? AdminKey(ControlSnapshot documents) =>
        documents.Find(AdminKeys.Document) is { } document
        && TokenHash.TryParse(
            JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.AdminKeyDocument)!.KeyHash, out var hash)
            ? hash
            : null;

    private ServerModel? Server(ControlDocument document)
    {
        if (Parse(document, ControlJsonContext.Default.ServerDocument) is not { } server)
            return null;
        if (!Uri.TryCreate(server.Url, UriKind.Absolute, out var url))
            return Problem<ServerModel>(document, "its URL cannot be read");
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (name, sealedValue) in server.SealedHeaders)
        {
            if (!secrets.TryOpen(sealedValue, out var value))
                return Problem<ServerModel>(document, $"its header {name} cannot be decrypted; set the server anew");
            headers.Add(new(name, value));
        }

        return new ServerModel(document.Key.Name, url, headers.ToImmutable());
    }

    private PolicyDefinition? Policy(ControlDocument document)
    {
        var key = (document.Key.Name, document.Version);
        if (_compiled.TryGetValue(key, out var known))
            return known;
        var loaded = PolicyLoader.Load(document.Content, $"policy {document.Key.Name}");
        if (loaded.Policy is null)
            return Problem<PolicyDefinition>(document, loaded.Problems.First(IsError).ToString());
        // Only the newest version of a name is ever asked for again.
        _compiled = _compiled.Where(pair => pair.Key.Name != key.Name).ToDictionary();
        return _compiled[key] = new PolicyDefinition(document.Key.Name, loaded.Policy, document.Content);
    }

    private GrantDefinition? Grant(ControlDocument document)
    {
        if (Parse(document, ControlJsonContext.Default.GrantDocument) is not { } grant)
            return null;
        if (!TokenHash.TryParse(grant.TokenHash, out var token))
            return Problem<GrantDefinition>(document, "its token hash cannot be read");
        return new GrantDefinition(
            document.Key.Name,
            token,
            grant.Servers.ToImmutableSortedDictionary(StringComparer.Ordinal),
            grant.Expires?.ToUnixTimeMilliseconds(),
            grant.Paused,
            grant.Created?.ToUnixTimeMilliseconds());
    }

    private T? Parse<T>(ControlDocument document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, type)
                ?? Problem<T>(document, "it is null");
        }
        catch (JsonException e)
        {
            return Problem<T>(document, e.Message);
        }
    }

    private T? Problem<T>(ControlDocument document, string message)
        where T : class
    {
        _problems.Add($"{document.Key} in the control store is not in force: {message}");
        return null;
    }

    private static bool IsError(PolicyProblem problem) => problem.Severity == ProblemSeverity.Error;
}
