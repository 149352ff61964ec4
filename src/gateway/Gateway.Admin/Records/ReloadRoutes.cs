using System.Collections.Immutable;
using System.Text;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Control.Updating;
using Gateway.Policy.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary>
/// <c>/config</c> shows the current configuration and its source. <c>/config/reload</c> reads the configuration file
/// now, or previews the changes that it, or another file, would make.
/// </summary>
internal sealed class ReloadRoutes(ConfigFileWatcher config, ConfigFileOptions options, ProcessOptions process)
    : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/config", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows the settings of this process and the source of each value.")
            .Produces<EffectiveConfigView>();
        api.MapPost("/config/reload", ReloadAsync).Requires(Permissions.Edit)
            .WithSummary("Reads the gateway's configuration file now.")
            .Takes(static () => RecordJson.Default.ReloadInput).Produces<ReloadView>()
            .WithQuery(
                ("dryRun", "true: report what would change, and change nothing. Required to send another file."));
    }

    private Task<AdminResponse> ShowAsync(AdminCall call)
    {
        var (file, stored) = (call.State.Config.Objects, call.State.Stored);
        return Task.FromResult(AdminResponse.Ok(
            new EffectiveConfigView(
                process.Settings,
                [
                    new("servers", file.Servers.Count, stored.Servers.Count),
                    new("policies", file.Policies.Count, stored.Policies.Count),
                    new("grants", file.Grants.Count, stored.Grants.Count),
                ],
                config.Status.Path is { } path ? new(path, call.State.Config.Members) : null),
            RecordJson.Default.EffectiveConfigView));
    }

    private async Task<AdminResponse> ReloadAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(RecordJson.Default.ReloadInput);
        if (input is null)
            return unreadable!;
        var isDry = call.Request.Query["dryRun"] == "true";
        var loadedMs = config.Status.LoadedAtMs;
        if (input.Config is not null)
        {
            if (!isDry)
                return Problems.Invalid("A file other than the gateway's own can be compared, but not loaded. To "
                    + "change the configuration, edit the file that the gateway was started with.");
            var sent = Encoding.UTF8.GetBytes(input.Config);
            return View(config.Compare(sent, Read), config.Restarts(sent, Read));
        }

        if (options.Path is not { } path)
        {
            return Problems.Of(StatusCodes.Status409Conflict, "No configuration file",
                "The gateway was started without --config, so there is no file to read.");
        }

        var (changes, restarts, problems) = config.Look(path);
        if (!problems.IsEmpty)
            return Refused(problems);
        try
        {
            if (!isDry && !await config.ReloadAsync(call.Aborted, call.Actor))
            {
                return Problems.Invalid(
                    "The file was changed again and is not valid; the last valid version stays active.");
            }
        }
        catch (ControlStoreException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "Control store unavailable",
                $"{e.Message} The configuration file is not applied yet. The gateway applies it once the store is "
                + "back.");
        }
        catch (IOException)
        {
            return Problems.AuditUnavailable;
        }

        return View(changes, restarts);

        byte[]? Read(string name) =>
            input.Files.GetValueOrDefault(name) is { } text ? Encoding.UTF8.GetBytes(text) : null;

        AdminResponse View(IReadOnlyList<string> changes, IReadOnlyList<string>? restarts) => AdminResponse.Ok(
            new ReloadView(isDry, changes, restarts)
            {
                LoadedBefore = loadedMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(loadedMs),
            },
            RecordJson.Default.ReloadView);
    }

    private static AdminResponse Refused(ImmutableArray<PolicyProblem> problems) => Problems.Invalid(
        "The configuration file is not valid; the last valid version stays active.",
        [
            .. problems.Select(problem => new ProblemPlace(
                "error", problem.Pointer, problem.Message, problem.Line, problem.Column, problem.File)),
        ]);
}
