using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Operators;

/// <summary>
/// <c>/operators/{name}/keys</c>: manages an operator's own keys; administrators can manage those of all operators.
/// </summary>
internal sealed class KeyRoutes(
    ControlChanges changes, OperatorStore operators, OperatorUses uses, ProcessClock clock) : IAdminRoutes
{
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(400);
    private const int KeysPerOperatorMax = 50;
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(90);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/operators/{name}/keys", ListAsync).Requires(Permissions.Self)
            .WithSummary("Lists your keys; administrators can list the keys of others.").Produces<PageView<KeyView>>();
        api.MapPost("/operators/{name}/keys", CreateAsync).Requires(Permissions.Self)
            .WithSummary("Creates a key, shown only in this response; administrators can create keys for others.")
            .Takes(static () => OperatorJson.Default.KeyInput).Produces<KeyCreated>(201)
            .WithQuery(AdminRoute.Reason);
        api.MapDelete("/operators/{name}/keys/{key}", DeleteAsync).Requires(Permissions.Self)
            .WithSummary("Revokes a key: its next request is refused.").Produces(204)
            .WithQuery(AdminRoute.Reason);
    }

    /// <summary>Creates a key for an account, after its password was verified or on its owner's request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="owner">The owner of the key.</param>
    /// <param name="input">The requested key.</param>
    /// <param name="mostRoles">The roles that the key can have at most.</param>
    /// <param name="latest">The latest expiry; null for no bound.</param>
    /// <returns>The key and its secret, or the problem.</returns>
    public async Task<(OperatorKey? Key, string? Token, AdminResponse? Problem)> MakeAsync(
        AdminCall call, OperatorAccount owner, KeyInput input, RoleSet mostRoles, DateTimeOffset? latest)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        var expires = input.Expires ?? Earlier(now + UsualLife, latest);
        if (Check(owner, input, mostRoles, expires, now, latest) is { } invalid)
            return (null, null, invalid);
        var token = AdminKeys.NewToken(OperatorKey.Prefix);
        var key = new OperatorKey
        {
            Owner = owner,
            Name = input.Name,
            Hash = TokenHash.Of(token),
            Limit = input.Roles is not null ? RoleSet.Parse(input.Roles) : mostRoles == owner.Roles ? null : mostRoles,
            Created = now,
            Expires = expires,
            Version = 0,
        };
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            "create", KeyOf(key), 0, Document(key), null, Json(View(key))));
        if (problem is not null)
            return (null, null, problem.Status == 412 ? Problems.Exists("key", input.Name) : problem);
        return (key with { Version = version }, token, null);
    }

    private AdminResponse? Check(
        OperatorAccount owner, KeyInput input, RoleSet mostRoles, DateTimeOffset expires, DateTimeOffset now,
        DateTimeOffset? latest)
    {
        if (!EntityName.IsValid(input.Name))
            return Problems.Invalid($"\"{input.Name}\" is not a valid name for a key; {EntityName.Rule}.");
        var wanted = input.Roles is null ? null : RoleSet.Parse(input.Roles);
        if (input.Roles is not null && (wanted is null || wanted.IsEmpty))
            return Problems.Invalid($"The roles are not valid: {RoleSet.Rule}; write at least one, or omit them.");
        if (wanted is not null && !mostRoles.Covers(wanted))
        {
            return Problems.Invalid(
                "A key can have only roles that both its owner and its creator have: "
                + $"{string.Join(", ", mostRoles.Texts)}.");
        }

        if (expires <= now || expires > now + LifeMax || expires > latest)
        {
            return Problems.Invalid(
                $"A key must expire in the future, within {LifeMax.TotalDays} days, and no later than "
                + "the key that creates it.");
        }

        var keys = operators.Current.KeysOf(owner).ToList();
        if (keys.Exists(key => key.Name == input.Name))
            return Problems.Exists("key", input.Name);
        return keys.Count >= KeysPerOperatorMax
            ? Problems.Invalid($"{owner.Name} has {KeysPerOperatorMax} keys, the maximum; revoke one first.")
            : null;
    }

    private Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(
        Owner(call, out var refused) is { } owner
            ? AdminResponse.Ok(
                Pages.Cut(call.Request, operators.Current.KeysOf(owner).Select(View), static view => view.Name),
                OperatorJson.Default.PageViewKeyView)
            : refused!);

    private async Task<AdminResponse> CreateAsync(AdminCall call)
    {
        if (Owner(call, out var refused) is not { } owner)
            return refused!;
        var (input, unreadable) = await call.ReadAsync(OperatorJson.Default.KeyInput);
        if (input is null)
            return unreadable!;
        // A key that is created with another key cannot exceed that key.
        var own = call.Caller.Key is { } with && with.Owner.Name == owner.Name ? with : null;
        var (key, token, problem) = await MakeAsync(
            call, owner, input, own?.Roles ?? owner.Roles, call.Caller.Key?.Expires);
        return key is null
            ? problem!
            : AdminResponse.Created(
                new KeyCreated(View(key), token!), OperatorJson.Default.KeyCreated,
                $"{AdminRoute.Root}/operators/{owner.Name}/keys/{key.Name}", key.Version);
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        if (Owner(call, out var refused) is not { } owner)
            return refused!;
        var keys = operators.Current.KeysOf(owner).ToList();
        if (keys.Find(key => key.Name == call.Value("key")) is not { } found)
            return Problems.NotFound("key", call.Value("key"), keys.Select(static key => key.Name));
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "revoke", KeyOf(found), found.Version, null, Json(View(found)), null));
        return problem ?? AdminResponse.NoContent;
    }

    private OperatorAccount? Owner(AdminCall call, out AdminResponse? refused) =>
        call.Owner(operators, "see and change the keys", out refused);

    private KeyView View(OperatorKey key) => new(
        key.Owner.Name, key.Name, key.Roles.Texts,
        key.Owner.IsDisabled ? "disabled" : key.IsGood(clock.NowMs()) ? "active" : "expired",
        key.Created, key.Expires, uses.Of(key.FullName, key.Created));

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) =>
        other is { } end && end < one ? end : one;

    private static ControlKey KeyOf(OperatorKey key) => new(ControlKinds.OperatorKeys, key.FullName);

    private static byte[] Document(OperatorKey key) => ControlJsonContext.Write(
        new OperatorKeyDocument
        {
            OperatorId = key.Owner.Id,
            KeyHash = key.Hash.ToString(),
            Roles = key.Limit?.Texts,
            Created = key.Created,
            Expires = key.Expires,
        },
        ControlJsonContext.Default.OperatorKeyDocument);

    private static byte[] Json(KeyView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, OperatorJson.Default.KeyView);
}
