using System.CommandLine;
using Gateway.Audit.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Recording;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>Options that select audit records.</summary>
internal static class AuditFilters
{
    private static readonly Option<string?> Grant = CommonOptions.Filter("--grant", "NAME", "A grant's name.");
    private static readonly Option<string?> Server = CommonOptions.Filter("--server", "NAME", "A server's name.");

    public static IReadOnlyList<Option<string?>> All { get; } =
    [
        Word("--kind", AuditWords.Kinds), Grant, Server,
        CommonOptions.Filter("--caller", "SUBJECT", "Only records of this caller, the subject of an issuer's token."),
        .. CallerNames(),
        CommonOptions.Filter("--tool", "NAME", "Only records of this tool."),
        Word("--outcome", AuditWords.Outcomes),
        CommonOptions.Filter("--rule", "RULE", "Only decisions by this rule, as records name it."),
        CommonOptions.Filter("--call-id", "ID", "Only records of this call."),
        CommonOptions.Filter("--object", "KIND/NAME", "Only changes of this object, such as policies/support."),
        CommonOptions.Filter("--action", "WORD", "Only this action of an operator, such as replace, revoke or rotate."),
        CommonOptions.Filter("--by", "NAME", "Only records of this operator; \"admin\" means the administrator's key."),
        CommonOptions.Filter("--became", "WORD",
            "Only this outcome: asked, approved, denied, used, expired or viewed (approvals); signed-in or refused "
            + "(sign-ins)."),
    ];

    /// <summary>Returns the options that select callers by what else their tokens name.</summary>
    public static IReadOnlyList<Option<string?>> CallerNames() =>
    [
        CommonOptions.Filter("--caller-issuer", "NAME", "Only callers whose token is from this issuer."),
        CommonOptions.Filter("--caller-client", "ID", "Only callers whose token was issued to this OAuth client."),
        CommonOptions.Filter("--caller-actor", "SUBJECT", "Only calls that this party made on behalf of the caller."),
    ];

    /// <summary>Conditions on recorded arguments.</summary>
    public static readonly Option<string[]> Where = new("--where")
    {
        Description = "A condition on the recorded arguments, as \"args.amount gt 100\". Operators: "
            + $"{string.Join(", ", ArgumentFilter.OperatorNames)}. Repeat it for further conditions; all must hold.",
        HelpName = "CONDITION",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Returns the filters as query parameters, each with its <c>&amp;</c>.</summary>
    public static string Query(ParseResult parsed) => string.Concat((parsed.GetValue(Where) ?? [])
        .Select(static condition => $"&where={Uri.EscapeDataString(condition)}")) + string.Concat(All
        .Select(option => (Name: option.Name.TrimStart('-'), Value: parsed.GetValue(option)))
        .Where(static filter => filter.Value is not null)
        .Select(static filter =>
            $"&{CommonOptions.Member(filter.Name)}={Uri.EscapeDataString(filter.Value!)}"));

    /// <summary>
    /// Distinguishes a name that does not exist from one without records, after an empty search. Not called earlier,
    /// because a removed object still has its records.
    /// </summary>
    /// <exception cref="AdminProblemException">The grant or server does not exist.</exception>
    public static async Task RequireNamesAsync(
        ParseResult parsed, AdminClient client, CancellationToken cancellation)
    {
        if (parsed.GetValue(Grant) is { } grant)
            await RequireAsync(client, "grant", grant, cancellation);
        if (parsed.GetValue(Server) is { } server)
            await RequireAsync(client, "server", server, cancellation);
    }

    private static async Task RequireAsync(
        AdminClient client, string kind, string name, CancellationToken cancellation)
    {
        var escaped = Uri.EscapeDataString(name);
        try
        {
            await client.GetAsync($"{kind}s/{escaped}", cancellation);
        }
        catch (AdminProblemException e) when (e.Status == 404)
        {
            var kept = new AuditSearch(client, $"&{kind}={escaped}");
            await kept.FindAsync(1, TimeSpan.Zero, cancellation);
            if (kept.Records is not [var newest, ..])
                throw;
            var time = Times.Show(ResponseReader.Read(newest, ClientJson.Default.LoggedDecision).Time);
            Console.Error.WriteLine($"The {kind} {name} no longer exists. Its newest record is of {time}.");
        }
    }

    private static Option<string?> Word(string name, IReadOnlyList<string> words)
    {
        var option = CommonOptions.Filter(name, "WORD", $"One of {string.Join(", ", words)}.");
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } word && !words.Contains(word))
                result.AddError($"{name} must be one of {string.Join(", ", words)}, not \"{word}\".");
        });
        option.CompletionSources.Add([.. words]);
        return option;
    }
}
