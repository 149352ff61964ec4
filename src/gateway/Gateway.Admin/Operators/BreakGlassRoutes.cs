using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Operators;

/// <summary><c>/break-glass</c>: manages the administrator's key, which belongs to no operator.</summary>
internal sealed class BreakGlassRoutes(ControlChanges changes, AccountRemoval removal) : IAdminRoutes
{
    // No hash equals this value, so earlier releases also reject every key.
    private const string Disabled = "disabled";

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/break-glass", Show).Requires(Permissions.Administer)
            .WithSummary("Shows whether the administrator's key is enabled.").Produces<BreakGlassView>();
        api.MapPost("/break-glass/disable", DisableAsync).Requires(Permissions.Administer)
            .WithSummary("Disables the administrator's key.").Produces<BreakGlassView>()
            .WithQuery(AdminRoute.Reason);
        api.MapPost("/break-glass/enable", EnableAsync).Requires(Permissions.Administer)
            .WithSummary("Replaces the administrator's key; if it is disabled, also enables it. The new key is shown "
                + "only in this response.")
            .Produces<BreakGlassView>()
            .WithQuery(AdminRoute.Reason);
    }

    private static Task<AdminResponse> Show(AdminCall call) => Task.FromResult(Answer(Of(call.State)));

    private async Task<AdminResponse> DisableAsync(AdminCall call)
    {
        if (call.State.Config.AdminKey is not null)
            return InTheFile;
        if (await removal.KeepAdministratorAsync(leaving: null) is { } lockedOut)
            return lockedOut;
        return await SetAsync(call, "disable", Disabled, null);
    }

    private async Task<AdminResponse> EnableAsync(AdminCall call)
    {
        if (call.State.Config.AdminKey is not null)
            return InTheFile;
        var key = AdminKeys.NewToken(AdminKeys.Prefix);
        return await SetAsync(call, "enable", TokenHash.Of(key).ToString(), key);
    }

    private async Task<AdminResponse> SetAsync(AdminCall call, string action, string hash, string? key)
    {
        var before = Of(call.State);
        var after = new BreakGlassView(key is null ? "off" : "on", before.Origin);
        if (key is null && before.State == after.State)
            return Answer(after);
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            action, AdminKeys.Document, call.State.Documents.Find(AdminKeys.Document)?.Version ?? 0,
            ControlJsonContext.Write(new AdminKeyDocument(hash), ControlJsonContext.Default.AdminKeyDocument),
            Json(before), Json(after)));
        return problem ?? Answer(after with { Key = key });
    }

    private static BreakGlassView Of(ControlState state) => new(
        state.AdminKey is null ? "off" : "on", state.Config.AdminKey is null ? "printed" : "file");

    private static AdminResponse InTheFile => Problems.Of(
        StatusCodes.Status409Conflict, "Provisioned by the configuration file",
        "The administrator's key is admin.key of the configuration file. Remove it there, and restart the gateway.");

    private static AdminResponse Answer(BreakGlassView view) =>
        AdminResponse.Ok(view, OperatorJson.Default.BreakGlassView);

    private static byte[] Json(BreakGlassView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, OperatorJson.Default.BreakGlassView);
}
