using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy;
using Gateway.Policy.Budgets;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;

namespace Gateway.Control.Updating;

/// <summary>
/// Turns control documents into objects. An unreadable one is omitted and reported: a grant without its server or
/// policy reaches nothing, so an omission denies.
/// </summary>
internal sealed class DocumentReader(SecretProtector secrets)
{
    // Few documents change at a time, and reading the others again would make each change cost as much as all of them.
    private Dictionary<ControlKey, (long Version, object Object)> _known = [];
    private ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    public DefinitionSet Read(ControlSnapshot documents, out ImmutableArray<string> problems)
    {
        _problems = ImmutableArray.CreateBuilder<string>();
        var known = new Dictionary<ControlKey, (long Version, object Object)>();
        var objects = DefinitionSet.Of(
            Read(documents, ControlKinds.Servers, Server, known),
            Read(documents, ControlKinds.Policies, Policy, known),
            Read(documents, ControlKinds.Grants, Grant, known)) with
        {
            Lists = Read(documents, ControlKinds.Lists, List, known)
                .ToDictionary(static list => list.Name, static list => list.List, StringComparer.Ordinal),
            Budgets = Read(documents, ControlKinds.Budgets, Budget, known)
                .ToDictionary(static budget => budget.Name, StringComparer.Ordinal),
            Candidates = Read(documents, ControlKinds.Candidates, Candidate, known)
                .ToDictionary(static candidate => candidate.Name, StringComparer.Ordinal),
        };
        _known = known;
        problems = _problems.ToImmutable();
        return objects;
    }

    /// <summary>
    /// Reads one grant whose document has changed since the last reading. Null if there is a problem to report: then
    /// all documents are read, and the problem is reported.
    /// </summary>
    public GrantDefinition? ReadGrant(ControlDocument document)
    {
        _problems = ImmutableArray.CreateBuilder<string>();
        if (Grant(document) is not { } grant || _problems.Count > 0)
            return null;
        _known[document.Key] = (document.Version, grant);
        return grant;
    }

    /// <summary>Forgets a document that was deleted.</summary>
    public void Forget(ControlKey key) => _known.Remove(key);

    private List<T> Read<T>(
        ControlSnapshot documents,
        string kind,
        Func<ControlDocument, T?> read,
        Dictionary<ControlKey, (long Version, object Object)> known)
        where T : class
    {
        var objects = new List<T>();
        foreach (var document in documents.OfKind(kind))
        {
            var problems = _problems.Count;
            var one = _known.TryGetValue(document.Key, out var old) && old.Version == document.Version
                ? (T)old.Object
                : read(document);
            // A document that could not be read is tried again, because its key may still arrive.
            if (one is null)
                continue;
            objects.Add(one);
            // An object with a problem is not cached either: the problem would be reported once and never again.
            if (_problems.Count == problems)
                known[document.Key] = (document.Version, one);
        }

        return objects;
    }

    public static CounterGenerations Generations(ControlSnapshot documents) => new(
        documents.OfKind(ControlKinds.Generations).Select(static document => KeyValuePair.Create(
            document.Key.Name,
            JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.GenerationDocument)!.Generation)));

    /// <summary>Reads the pauses. An unreadable pause still applies: its name alone stops calls.</summary>
    public static Pauses Pauses(ControlSnapshot documents) => new(
        documents.OfKind(ControlKinds.Pauses).Select(static document =>
            KeyValuePair.Create(document.Key.Name, Pause(document))));

    private static Pause Pause(ControlDocument document)
    {
        try
        {
            var pause = JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.PauseDocument);
            return new Pause(pause?.Since?.ToUnixTimeMilliseconds(), pause?.From)
            {
                By = pause?.By,
                Reason = pause?.Reason,
                UntilMs = pause?.Until?.ToUnixTimeMilliseconds(),
                Tool = pause is { Server: { } server, Tool: { } tool } ? new PausedTool(server, tool) : null,
                Subject = pause is { Issuer: { } issuer, Subject: { } subject }
                    ? new PausedSubject(issuer, subject)
                    {
                        IsRevoked = pause.Revoked,
                        ExpiresMs = pause.Expires?.ToUnixTimeMilliseconds(),
                    }
                    : null,
            };
        }
        catch (JsonException)
        {
            return new Pause(null, null);
        }
    }

    public static TokenHash? AdminKey(ControlSnapshot documents) =>
        documents.Find(AdminKeys.Document) is { } document
        && TokenHash.TryParse(
            JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.AdminKeyDocument)!.KeyHash, out var hash)
            ? hash
            : null;

    private ServerModel? Server(ControlDocument document) =>
        Parse(document, ControlJsonContext.Default.ServerDocument) is not { } server ? null
        : StoredServer.Read(document.Key.Name, server, secrets, out var problem)
            ?? Problem<ServerModel>(document, problem!);

    private PolicyDefinition? Policy(ControlDocument document)
    {
        var loaded = PolicyLoader.Load(document.Content, $"policy {document.Key.Name}");
        return loaded.Policy is null
            ? Problem<PolicyDefinition>(document, loaded.Problems.First(IsError).ToString())
            : new PolicyDefinition(document.Key.Name, loaded.Policy, document.Content)
            {
                Warnings = [.. loaded.Problems.Select(static problem => problem.ToString())],
            };
    }

    // An unreadable candidate denies the calls for which it decides, as a policy does: the policy never decides in its
    // place.
    private CandidateDefinition? Candidate(ControlDocument document)
    {
        if (Parse(document, ControlJsonContext.Default.CandidateDocument) is not { } candidate)
            return null;
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(candidate.Text), $"candidate {document.Key.Name}");
        if (loaded.Policy is null)
            Problem<CandidateDefinition>(document, loaded.Problems.First(IsError).ToString());
        return new CandidateDefinition(
            document.Key.Name, loaded.Policy, candidate.At,
            (candidate.Grants ?? []).ToFrozenSet(StringComparer.Ordinal), candidate.Percent);
    }

    // An unreadable list still exists: a comparison with it in a policy denies.
    private ListDefinition List(ControlDocument document)
    {
        var values = Parse(document, ControlJsonContext.Default.ListDocument)?.Values;
        if (values is null || NamedList.Problem(values) is not { } problem)
            return new ListDefinition(document.Key.Name, values is null ? null : new NamedList(values));
        return new ListDefinition(document.Key.Name, Problem<NamedList>(document, problem.Message));
    }

    // Without its budget, a call that a policy charges to it is denied.
    private Budget? Budget(ControlDocument document) =>
        BudgetReader.Load(document.Key.Name, document.Content, out var problems)
            ?? Problem<Budget>(document, problems.First(IsError).ToString());

    private GrantDefinition? Grant(ControlDocument document)
    {
        if (Parse(document, ControlJsonContext.Default.GrantDocument) is not { } grant)
            return null;
        if (!TokenHash.TryParse(grant.TokenHash, out var token))
            return Problem<GrantDefinition>(document, "its token hash cannot be read");
        PreviousToken? previous = null;
        // An unreadable previous token admits no one; the grant's own token is unaffected.
        if (grant.PreviousTokenHash is { } hash && grant.PreviousUntil is { } until
            && TokenHash.TryParse(hash, out var older))
        {
            previous = new PreviousToken(older, until.ToUnixTimeMilliseconds());
        }

        if (grant.Servers is null)
            return Problem<GrantDefinition>(document, "\"servers\" is missing");
        string? wrong = null;
        var definition = GrantDefinition.Of(
            document.Key.Name, token, grant, (pointer, message) => wrong ??= $"{message} at {pointer}");
        if (definition.Length is not null)
            wrong ??= "its expiry is a length of time without a beginning; write an instant";
        // The free text of an issuer is in the file, so a stored condition never searches.
        var match = new MatchReader(null, (pointer, message) => wrong ??= $"{message} at {pointer}")
            .Read(definition.Spec);
        if (wrong is not null)
            return Problem<GrantDefinition>(document, wrong);
        return definition with
        {
            Match = match,
            IsPaused = grant.Paused,
            CreatedMs = grant.Created?.ToUnixTimeMilliseconds(),
            Previous = previous,
            OAuth = grant.OAuth is { } oauth
                ? new OAuthGrant(oauth.ClientId, oauth.ClientName, oauth.Operator, oauth.OperatorId)
                {
                    IsOfAll = oauth.All == true,
                }
                : null,
        };
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
            return Problem<T>(document, JsonErrors.Describe(e));
        }
    }

    private T? Problem<T>(ControlDocument document, string message)
        where T : class
    {
        _problems.Add($"{document.Key} in the control store is not active: {document.Damage ?? message}");
        return null;
    }

    private static bool IsError(PolicyProblem problem) => problem.Severity == ProblemSeverity.Error;
}
