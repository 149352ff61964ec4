using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Options;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>gateway audit</c>: the records of decisions and changes.</summary>
internal static class AuditCommand
{
    private const int CountMax = 100_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TailCountingMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QueryCountingMax = TimeSpan.FromSeconds(10);

    private static readonly Option<int> Lines = Number("--lines", "-n", "How many of the latest records to print.", 20);

    private static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Also print new records as they arrive, until Ctrl-C.",
    };

    private static readonly Option<int> Limit = Number("--limit", "-n", "The maximum number of records.", 100);

    public static Command Create() => new("audit", "Read the audit log of decisions and changes.")
    {
        RemoteVerb.CreateRows("tail",
            "Show the latest records, the newest last. With -f, also print new records as they arrive. The JSON output "
            + "is JSON Lines.\n\nExample:\n  gateway audit tail -f --outcome rate_limited",
            TailAsync, [Lines, Follow, .. AuditFilters.All, AuditFilters.Where]),
        RemoteVerb.CreateRows("query",
            "Print the records that match, the newest last. Exits with 1 if none matches. The JSON output is JSON "
            + "Lines.\n\nExample:\n  gateway audit query --grant support-bot --since 2h --output jsonl",
            QueryAsync,
            [
                TimeRange.Since, TimeRange.Until, Limit, Frontends.Shared, Frontends.Addresses, .. AuditFilters.All,
                AuditFilters.Where,
            ]),
        AuditShow.Create(),
        AuditVerify.Create(),
        AuditErase.Create(),
        AuditReplay.Create(),
    };

    private static Option<int> Number(string name, string alias, string help, int usual)
    {
        var option = new Option<int>(name, alias)
        {
            Description = help,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.TryRead<int>(out var number) && number is < 1 or > CountMax)
                result.AddError($"{name} must be a whole number from 1 to {CountMax}.");
        });
        return option;
    }

    private static async Task<int> TailAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var filter = AuditFilters.Query(parsed);
        var search = new AuditSearch(client, filter);
        await search.FindAsync(parsed.GetValue(Lines), TailCountingMax, cancellation);
        AuditText.Head(output);
        AuditText.Print(output, search, "--lines");
        if (search.Records.Count == 0)
            await AuditFilters.RequireNamesAsync(parsed, client, cancellation);
        while (parsed.GetValue(Follow) && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellation);
            foreach (var record in await search.NextAsync(cancellation))
                AuditText.Print(output, record);
        }

        return ExitCode.Well;
    }

    private static async Task<int> QueryAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (!TimeRange.TryRead(parsed, out string times))
            return ExitCode.Usage;
        var filter = times + AuditFilters.Query(parsed) + Frontends.Of(parsed);
        var limit = parsed.GetValue(Limit);
        var (answers, away) = await Frontends.AskAsync(parsed, client, async one =>
        {
            var search = new AuditSearch(one, filter);
            await search.FindAsync(limit, QueryCountingMax, cancellation);
            return search;
        }, cancellation);
        var searches = answers.ConvertAll(static one => one.Answer);
        if (!Frontends.IsShared(parsed, searches[0].Shared))
            return ExitCode.Unreachable;
        AuditText.Head(output);
        if (parsed.GetValue(Frontends.Addresses) is { Length: > 0 })
            AuditText.Print(output, searches, away, limit);
        else
            AuditText.Print(output, searches[0], "--limit or --since");
        if (searches.Max(static search => search.ValuesReached) is { } reached)
            Console.Error.WriteLine($"Recorded arguments were searched back to {Times.Show(reached)}.");
        if (searches.Any(static search => search.Records.Count > 0))
            return ExitCode.Well;
        await AuditFilters.RequireNamesAsync(parsed, client, cancellation);
        Console.Error.WriteLine("No record matches.");
        return ExitCode.No;
    }
}
