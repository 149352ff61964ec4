using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Reading;
using Gateway.Audit.Reporting;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary><c>/report</c>: summarizes this gateway's records of a period.</summary>
internal sealed class ReportRoutes(
    IControlStore store, AuditLogOptions options, TimeProvider time, AuditLog audit, AccessLog access,
    ISharedRecords? shared = null)
    : IAdminRoutes, IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/report", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Summarizes this process's records: calls, refusals, limits, spend and unused rules. The "
                + "gateway serves one such request at a time.").Produces<AuditReport>()
            .WithQuery(
                ("from", "From this instant on (RFC 3339)."),
                ("to", "Only before this instant (RFC 3339); now if omitted."),
                ("of", "shared: the records of all gateways, from the table to which they ship them. Default: this "
                    + "gateway's."));
    }

    public void Dispose() => _reading.Dispose();

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (Time(call, "from") is not { } from || Time(call, "to", time.GetUtcNow()) is not { } to || from >= to)
        {
            return Problems.Unreadable(
                "\"from\" and \"to\" must be instants such as 2027-01-31T12:00:00Z, the earlier one first.");
        }

        var of = (string?)call.Request.Query["of"];
        if (SharedAnswers.Refusal(of, shared) is { } refusal)
            return refusal;

        // A report reads the complete log, so only one runs at a time.
        if (!await _reading.WaitAsync(TimeSpan.Zero, call.Aborted))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "Busy",
                "Another request is making a report; try again when it is done.");
        }

        try
        {
            var objects = call.State.Objects;
            await access.NoteExportAsync(call, "export-report");
            var (grants, rules) = (
                objects.Grants.Keys.Order(StringComparer.Ordinal), objects.Policies.Values.SelectMany(Tools));
            return AdminResponse.Ok(
                of == "shared"
                    ? await AuditReporter.ReadAsync(shared!, from, to, grants, rules, call.Aborted)
                    : await Task.Run(() => AuditReporter.Read(
                        options.Directory, from, to, grants, rules) with
                    {
                        Frontends = [audit.Frontend],
                        Others = store.IsShared,
                    }),
                ReportJson.Default.AuditReport);
        }
        catch (IOException e) when (of == "shared")
        {
            return SharedAnswers.Lost(shared!, e);
        }
        finally
        {
            _reading.Release();
        }
    }

    private static DateTimeOffset? Time(AdminCall call, string name, DateTimeOffset? otherwise = null) =>
        (string?)call.Request.Query[name] is not { Length: > 0 } text ? otherwise
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : null;

    /// <summary>Returns the tools that a policy names, in the form in which records name its rules.</summary>
    private static IEnumerable<(string Policy, string Rule)> Tools(PolicyDefinition policy)
    {
        using var document = JsonDocument.Parse(policy.Document, new() { CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Object
            ? [.. tools.EnumerateObject().Select(tool => (policy.Name, "/tools/" + tool.Name
                .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)))]
            : [];
    }
}
