using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Events;
using Gateway.Control.Notifications.Outbox;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Alerts;

/// <summary>An alert rule with its state.</summary>
internal sealed record AlertView : AlertSpec
{
    /// <summary>The name of the rule.</summary>
    public required string Name { get; init; }

    /// <summary><c>file</c> or <c>api</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>True if the value is above the threshold.</summary>
    public bool Firing { get; init; }

    /// <summary>The measured value; null if there are too few calls, or no limit was used.</summary>
    public double? Value { get; init; }

    /// <summary>The measurement in one sentence without a full stop.</summary>
    public required string Text { get; init; }
}

/// <summary>The result of a test: the state, and the channels that got a test message.</summary>
/// <param name="Alert">The rule with its state now.</param>
/// <param name="Channels">The channels whose filters let the alert through, with the result of each.</param>
internal sealed record AlertTest(AlertView Alert, IReadOnlyList<AlertDelivery> Channels);

/// <summary>A test message to one channel.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Delivered">True if the receiver accepted it.</param>
/// <param name="Problem">The reason for a failure; null on success.</param>
internal sealed record AlertDelivery(string Channel, bool Delivered, string? Problem);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AlertSpec))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(AlertTest))]
[JsonSerializable(typeof(PageView<AlertView>))]
internal sealed partial class AlertJson : JsonSerializerContext;

/// <summary><c>/alerts</c>: manages the alert rules of operators.</summary>
internal sealed class AlertRoutes(
    ControlChanges changes, AlertReader alerts, IChannelSender sender, SnapshotUpdater control, ProcessClock clock)
    : IAdminRoutes
{
    private const string Kind = ControlKinds.Alerts;
    private const string Noun = "alert rule";

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/alerts", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the alert rules with their state.").Produces<PageView<AlertView>>();
        api.MapGet("/alerts/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows an alert rule with its state.").Produces<AlertView>();
        api.MapPut("/alerts/{name}", PutAsync).Requires(Permissions.Edit)
            .WithSummary("Creates or replaces an alert rule.").Takes(static () => AlertJson.Default.AlertSpec)
            .Produces<AlertView>().NeedsVersion();
        api.MapPatch("/alerts/{name}", PatchAsync).Requires(Permissions.Edit)
            .WithSummary("Changes an alert rule by a JSON merge patch.")
            .Takes(static () => AlertJson.Default.AlertSpec).Produces<AlertView>().NeedsVersion();
        api.MapPost("/alerts/{name}/test", TestAsync).Requires(Permissions.Administer)
            .WithSummary("Measures an alert rule and sends a test message to the channels that would get the alert.")
            .Produces<AlertTest>();
        api.MapDelete("/alerts/{name}", DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Removes an alert rule.").Produces(204).NeedsVersion();
    }

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var all = AlertReader.All(call.State).ToList();
        var states = await alerts.MeasureAsync(all.Select(static one => one.Alert), call.State, call.Aborted);
        return AdminResponse.Ok(
            Pages.Cut(
                call.Request, all.Zip(states, (one, measured) => View(call.State, one.Name, one.Alert, measured)),
                static view => view.Name),
            AlertJson.Default.PageViewAlertView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call) => Find(call, out var missing) is not { } found
        ? missing!
        : AdminResponse.Ok(
            await ViewAsync(call, call.Name, found.Alert), AlertJson.Default.AlertView, found.Version);

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned(Noun, call.Name);
        if (!EntityName.IsValid(call.Name))
            return Problems.Invalid($"\"{call.Name}\" is not a valid name for an alert rule; {EntityName.Rule}.");
        var (input, unreadable) = await call.ReadAsync(AlertJson.Default.AlertSpec);
        if (input is null)
            return unreadable!;
        var old = call.State.Documents.Find(new ControlKey(Kind, call.Name));
        if (old is not null && ControlChanges.CheckVersion(call, old) is { } stale)
            return stale;
        if (old is null && AlertReader.All(call.State).Count() >= AlertSpec.CountMax)
            return Problems.Invalid($"There are {AlertSpec.CountMax} alert rules, the maximum; remove one first.");
        return await WriteAsync(call, old is null ? "create" : "replace", old, input);
    }

    private async Task<AdminResponse> PatchAsync(AdminCall call)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned(Noun, call.Name);
        if (Find(call, out var missing) is not var (alert, stored))
            return missing!;
        if (ControlChanges.CheckVersion(call, stored!.Value) is { } stale)
            return stale;
        var (patch, unread) = await call.ReadPatchAsync(AlertJson.Default.AlertSpec);
        if (patch is null)
            return unread!;
        var (input, unreadable) = MergePatch.Read(
            JsonSerializer.SerializeToNode(alert, AlertJson.Default.AlertSpec)!.AsObject(), patch,
            AlertJson.Default.AlertSpec);
        return input is null
            ? unreadable!
            : await WriteAsync(call, "patch", call.State.Documents.Find(new ControlKey(Kind, call.Name)), input);
    }

    /// <summary>
    /// Removes members that mean the same as absent ones. Returns the problem with a rule; null if there is none.
    /// </summary>
    public static AdminResponse? Check(ControlState state, AlertSpec input)
    {
        AlertSpec.Members.RemoveDefaults(input);
        if (Problems.OfMembers(input.Problems().Concat(input.ProblemsOfNew())) is { } wrong)
            return wrong;
        // A misspelled name would never fire.
        if (input.Server is { } server && !state.Objects.Servers.ContainsKey(server))
            return Unknown("/server", "server", server, state.ServerNamesShown);
        return input.Grant is { } grant && !state.Objects.Grants.ContainsKey(grant)
            ? Unknown("/grant", "grant", grant, state.Objects.Grants.Keys)
            : null;
    }

    private async Task<AdminResponse> WriteAsync(AdminCall call, string action, ControlDocument? old, AlertSpec input)
    {
        if (Check(call.State, input) is { } wrong)
            return wrong;
        var content = JsonSerializer.SerializeToUtf8Bytes(input, AlertJson.Default.AlertSpec);
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            action, new ControlKey(Kind, call.Name), old?.Version ?? 0, content, old?.Content.ToArray(), content));
        if (problem is not null)
            return problem;
        var view = await ViewAsync(call, call.Name, input);
        return old is null
            ? AdminResponse.Created(
                view, AlertJson.Default.AlertView, $"{AdminRoute.Root}/alerts/{call.Name}", version)
            : AdminResponse.Ok(view, AlertJson.Default.AlertView, version);
    }

    private async Task<AdminResponse> TestAsync(AdminCall call)
    {
        if (Find(call, out var missing) is not { } found)
            return missing!;
        var view = await ViewAsync(call, call.Name, found.Alert);
        var nowMs = clock.NowMs();
        var test = EventNotices.Of(CallId.New().ToString(), AlertWatch.Event(
            call.Name, found.Alert, $"Test of the alert {call.Name}. {view.Text}", nowMs, nowMs));
        var sent = new List<AlertDelivery>();
        foreach (var channel in ChannelStore.All(call.State.Documents).Where(channel => channel.Takes(test)))
        {
            var result = await sender.SendAsync(channel, test, call.State.Documents, call.Aborted);
            sent.Add(new AlertDelivery(channel.Name, result.IsDone, result.Problem));
        }

        return AdminResponse.Ok(new AlertTest(view, sent), AlertJson.Default.AlertTest);
    }

    private Task<AdminResponse> DeleteAsync(AdminCall call) => changes.RemoveAsync(
        call, Kind, Noun, static document => document.Content.ToArray(), static () => []);

    /// <summary>Returns a rule, and its version if it is stored.</summary>
    private static (AlertSpec Alert, long? Version)? Find(AdminCall call, out AdminResponse? missing)
    {
        missing = null;
        if (AlertReader.OfFile(call.State, call.Name) is { } provisioned)
            return (provisioned, null);
        if (call.State.Documents.Find(new ControlKey(Kind, call.Name)) is not { } document)
        {
            missing = Problems.NotFound(
                Noun, call.Name, AlertReader.All(call.State).Select(static one => one.Name));
            return null;
        }

        if (AlertReader.Read(document) is { } alert)
            return (alert, document.Version);
        missing = Problems.Of(
            StatusCodes.Status409Conflict, "Not readable",
            $"The alert rule \"{call.Name}\" cannot be read by this release. Replace or remove it.");
        return null;
    }

    private static AdminResponse Unknown(string pointer, string noun, string name, IEnumerable<string> known)
    {
        var message = $"There is no {noun} \"{name}\"{Spelling.Suggest(name, known)}";
        return Problems.OfMembers([(pointer, message)])!;
    }

    private async Task<AlertView> ViewAsync(AdminCall call, string name, AlertSpec alert) =>
        View(control.State, name, alert, (await alerts.MeasureAsync([alert], control.State, call.Aborted))[0]);

    private static AlertView View(ControlState state, string name, AlertSpec alert, AlertState measured) =>
        AlertSpec.Members.Copy(alert, new AlertView
        {
            Name = name,
            Origin = Origins.Of(state, Kind, name),
            Firing = measured.IsFiring,
            Value = measured.Value,
            Text = measured.Text,
        });
}
