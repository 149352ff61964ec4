using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Notifications.Outbox;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Channels;

/// <summary>
/// <c>/channels</c>: manages the receivers of notifications, such as those about calls that wait for a person.
/// </summary>
internal sealed class ChannelRoutes(
    ControlChanges changes, ChannelStore channels, IChannelSender sender, DeliveryStore deliveries,
    NotificationSources sources, DocumentCache documents, ProcessClock clock) : IAdminRoutes
{
    private const string Kind = ControlKinds.Channels;
    private const string Noun = "channel";
    private const int CountMax = 32;

    /// <summary>The time during which the secret from before a rotation still signs beside the new one.</summary>
    private static readonly TimeSpan OldSecretSignsFor = TimeSpan.FromHours(24);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/channels", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the notification channels.").Produces<PageView<ChannelView>>();
        api.MapPost("/channels", CreateAsync).Requires(Permissions.Administer)
            .WithSummary("Adds a channel; a webhook's secret is shown only in this response.")
            .Takes(static () => ChannelJson.Default.ChannelInput).Produces<ChannelCreated>(201)
            .WithQuery(AdminRoute.Reason);
        api.MapGet("/channels/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a channel; its address and secrets are never shown.").Produces<ChannelView>();
        api.MapPatch("/channels/{name}", PatchAsync).Requires(Permissions.Administer)
            .WithSummary("Changes a channel by a JSON merge patch; the secret stays.")
            .Takes(static () => ChannelJson.Default.ChannelPatch).Produces<ChannelView>().NeedsVersion();
        api.MapPost("/channels/{name}/test", TestAsync).Requires(Permissions.Administer)
            .WithSummary("Sends a test message now.").Produces<ChannelTest>();
        api.MapPost("/channels/{name}/rotate", RotateAsync).Requires(Permissions.Administer)
            .WithSummary("Creates a new secret for a webhook; for 24 hours, messages are signed with the old and the "
                + "new one.")
            .Produces<ChannelCreated>()
            .WithQuery(AdminRoute.Reason);
        api.MapPost("/channels/{name}/resend", ResendAsync).Requires(Permissions.Administer)
            .WithSummary("Retries messages that could not be sent and are still relevant.").Produces<ChannelResent>();
        api.MapDelete("/channels/{name}", DeleteAsync).Requires(Permissions.Administer)
            .WithSummary("Removes a channel.").Produces(204).NeedsVersion();
    }

    private async Task<AdminResponse> ListAsync(AdminCall call)
    {
        var (snapshot, open) = await OpenAsync(call);
        return AdminResponse.Ok(
            Pages.Cut(
                call.Request,
                ChannelStore.All(snapshot).Select(channel => View(channel, snapshot, open)),
                static view => view.Name),
            ChannelJson.Default.PageViewChannelView);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (Find(call, out var missing) is not { } channel)
            return missing!;
        var (snapshot, open) = await OpenAsync(call);
        return AdminResponse.Ok(
            View(channel, snapshot, open), ChannelJson.Default.ChannelView, channel.Version);
    }

    private async Task<AdminResponse> CreateAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(ChannelJson.Default.ChannelInput);
        if (input is null)
            return unreadable!;
        if (!EntityName.IsValid(input.Name))
            return Problems.Invalid($"\"{input.Name}\" is not a valid name for a channel; {EntityName.Rule}.");
        if (ChannelChecks.Problem(input, sender) is { } wrong)
            return Problems.Invalid(wrong);
        if (Problems.OfMembers(ChannelSpec.Members.Problems(input)) is { } errors)
            return errors;
        var key = new ControlKey(Kind, input.Name);
        if (call.State.Documents.Find(key) is not null)
            return Problems.Exists(Noun, input.Name);
        if (call.State.Documents.OfKind(Kind).Count() >= CountMax)
            return Problems.Invalid($"There are {CountMax} channels, the maximum; remove one first.");
        var secret = input.Kind == ChannelKind.Webhook ? ChannelStore.NewSecret() : null;
        var channel = new Channel(input.Name, 0, ChannelSpec.Members.Copy(input, new ChannelDocument
        {
            Kind = input.Kind,
            SealedUrl = await channels.SealAsync(input.Url, call.Aborted),
            Secrets = secret is null ? [] : [new ChannelSecret(await channels.SealAsync(secret, call.Aborted))],
            AllowsPrivate = input.AllowPrivate,
            IncludesArguments = input.IncludeArguments,
            Slack = input.Slack is null ? null : await SealedAsync(input.Slack, call.Aborted),
        }) with
        { LinkBase = input.LinkBase?.TrimEnd('/') });
        var view = View(channel, call.State.Documents);
        var (version, problem) = await changes.MakeAsync(
            call, new DocumentChange("create", key, 0, ChannelStore.Write(channel.Document), null, Json(view)));
        if (problem is not null)
            return problem.Status == Problems.Changed.Status ? Problems.Exists(Noun, input.Name) : problem;
        return AdminResponse.Created(
            new ChannelCreated(view, secret), ChannelJson.Default.ChannelCreated,
            $"{AdminRoute.Root}/channels/{input.Name}", version);
    }

    private async Task<AdminResponse> PatchAsync(AdminCall call)
    {
        if (Find(call, out var missing) is not { } old)
            return missing!;
        if (ControlChanges.CheckVersion(call, old.Version) is { } stale)
            return stale;
        var (patch, unread) = await call.ReadPatchAsync(ChannelJson.Default.ChannelPatch);
        if (patch is null)
            return unread!;
        var present = ChannelSpec.Members.Copy(old.Document, new ChannelPatch
        {
            IncludeArguments = old.Document.IncludesArguments,
            AllowPrivate = old.Document.AllowsPrivate,
        });
        var (input, unreadable) = MergePatch.Read(
            JsonSerializer.SerializeToNode(present, ChannelJson.Default.ChannelPatch)!.AsObject(), patch,
            ChannelJson.Default.ChannelPatch);
        if (input is null)
            return unreadable!;
        var url = input.Url ?? channels.Open(old.Document.SealedUrl, call.State.Documents);
        if ((url is not null && sender.AddressProblem(old.Document.Kind, url, input.AllowPrivate == true) is { } wrong
                ? wrong : NewTypeProblem(input, old) ?? ChannelChecks.LinkProblem(input)) is { } problem)
            return Problems.Invalid(problem);
        if (Problems.OfMembers(ChannelSpec.Members.Problems(input)) is { } errors)
            return errors;
        var next = old with
        {
            Document = ChannelSpec.Members.Copy(input, old.Document with
            {
                SealedUrl = input.Url is null
                    ? old.Document.SealedUrl : await channels.SealAsync(input.Url, call.Aborted),
                AllowsPrivate = input.AllowPrivate == true,
                IncludesArguments = input.IncludeArguments == true,
            }) with
            { LinkBase = input.LinkBase?.TrimEnd('/') },
        };
        var view = View(next, call.State.Documents);
        var (version, conflict) = await changes.MakeAsync(call, new DocumentChange(
            "patch", new ControlKey(Kind, old.Name), old.Version, ChannelStore.Write(next.Document),
            Json(View(old, call.State.Documents)), Json(view)));
        return conflict ?? AdminResponse.Ok(view, ChannelJson.Default.ChannelView, version);
    }

    // A channel of an earlier release may have an unknown type, and must stay changeable otherwise.
    private static string? NewTypeProblem(ChannelPatch input, Channel old) =>
        input.Types.SequenceEqual(old.Document.Types) ? null : ChannelChecks.TypeProblem(input);

    private async Task<AdminResponse> TestAsync(AdminCall call)
    {
        if (Find(call, out var missing) is not { } channel)
            return missing!;
        var nowMs = clock.NowMs();
        var test = new Notification
        {
            Id = CallId.New().ToString(),
            Type = "test",
            Grant = "(test)",
            Server = "(test)",
            Tool = "(test)",
            Rule = "(test)",
            Reason = $"This is a test of the channel {channel.Name}; no action is needed",
            AtMs = nowMs,
            ExpiresMs = nowMs,
        };
        var result = await sender.SendAsync(channel, test, call.State.Documents, call.Aborted);
        return AdminResponse.Ok(
            new ChannelTest(result.IsDone, result.Problem), ChannelJson.Default.ChannelTest);
    }

    private async Task<AdminResponse> RotateAsync(AdminCall call)
    {
        if (Find(call, out var missing) is not { } channel)
            return missing!;
        if (channel.Document.Kind != ChannelKind.Webhook)
            return Problems.Invalid("Only the secret of a webhook can be rotated. To change the secret of "
                + "another kind of channel, remove the channel and add it again.");
        var secret = ChannelStore.NewSecret();
        var untilMs = clock.NowMs() + (long)OldSecretSignsFor.TotalMilliseconds;
        var rotated = channel.Document with
        {
            Secrets =
            [
                new ChannelSecret(await channels.SealAsync(secret, call.Aborted)),
                .. channel.Document.Secrets.Take(1).Select(old => old with { UntilMs = untilMs }),
            ],
        };
        var view = View(channel, call.State.Documents);
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "rotate", new ControlKey(Kind, channel.Name), channel.Version, ChannelStore.Write(rotated), Json(view),
            Json(view)));
        return problem ?? AdminResponse.Ok(new ChannelCreated(view, secret), ChannelJson.Default.ChannelCreated);
    }

    private async Task<AdminResponse> ResendAsync(AdminCall call)
    {
        if (Find(call, out var missing) is not { } channel)
            return missing!;
        var count = 0;
        foreach (var dead in DeliveryStore.All(await documents.ReadAsync(call.Aborted)).Where(entry =>
            entry.Delivery.Channel == channel.Name && entry.Delivery.State == DeliveryState.Dead))
        {
            // The sender checks whether the message is still relevant, and drops it if not.
            var again = dead.Delivery with
            {
                State = DeliveryState.Pending,
                Tries = 0,
                NextMs = clock.NowMs(),
                EndedMs = null,
            };
            if (await deliveries.WriteAsync(dead.Name, dead.Version, again, CancellationToken.None) is not null)
                count++;
        }

        return AdminResponse.Ok(new ChannelResent(count), ChannelJson.Default.ChannelResent);
    }

    private async ValueTask<SlackApp> SealedAsync(SlackInput app, CancellationToken cancellationToken) => new()
    {
        SealedToken = await channels.SealAsync(app.Token, cancellationToken),
        SealedSigningSecret = await channels.SealAsync(app.SigningSecret, cancellationToken),
        Conversation = app.Conversation,
        People = app.People ?? new Dictionary<string, string>(),
    };

    private Task<AdminResponse> DeleteAsync(AdminCall call) => changes.RemoveAsync(
        call, Kind, Noun,
        document => ChannelStore.Find(call.State.Documents, document.Key.Name) is { } channel
            ? Json(View(channel, call.State.Documents))
            : null,
        static () => []);

    private async Task<(ControlSnapshot Snapshot, IReadOnlyList<Notification> Open)> OpenAsync(AdminCall call)
    {
        var snapshot = await documents.ReadAsync(call.Aborted);
        var open = await sources.WithKindsAsync([.. sources.Open(snapshot, clock.NowMs())], snapshot, call.Aborted);
        return (snapshot, open);
    }

    private static Channel? Find(AdminCall call, out AdminResponse? missing)
    {
        var found = ChannelStore.Find(call.State.Documents, call.Name);
        missing = found is not null ? null : Problems.NotFound(
            Noun, call.Name, call.State.Documents.OfKind(Kind).Select(static document => document.Key.Name));
        return found;
    }

    /// <summary>Returns the number of messages that wait behind others and were never tried.</summary>
    private static int Unbegun(Channel channel, IEnumerable<Notification> open, ControlSnapshot snapshot) =>
        open.Count(notification =>
            channel.Takes(notification) && DeliveryStore.Find(snapshot, notification.Id, channel.Name) is null);

    private ChannelView View(Channel channel, ControlSnapshot snapshot, IEnumerable<Notification>? open = null)
    {
        var (name, set) = (channel.Name, channel.Document);
        var own = DeliveryStore.All(snapshot).Select(static entry => entry.Delivery)
            .Where(delivery => delivery.Channel == name).ToList();
        return ChannelSpec.Members.Copy(set, new ChannelView
        {
            Name = name,
            Kind = set.Kind,
            Host = channels.Open(set.SealedUrl, snapshot) is { } url ? new Uri(url).Host : null,
            IncludesArguments = set.IncludesArguments,
            AllowsPrivate = set.AllowsPrivate,
            Pending = own.Count(static delivery => delivery.State == DeliveryState.Pending)
                + Unbegun(channel, open ?? [], snapshot),
            Dead = own.Count(static delivery => delivery.State == DeliveryState.Dead),
            Problem = own.Where(static one => one.Problem is not null).MaxBy(static one => one.NextMs)?.Problem,
            Slack = set.Slack is { } app ? new(app.Conversation, app.People, SlackApp.PathOf(name)) : null,
        });
    }

    private static byte[] Json(ChannelView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, ChannelJson.Default.ChannelView);
}
