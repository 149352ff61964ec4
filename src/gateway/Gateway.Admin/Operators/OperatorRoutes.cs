using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Operators;

/// <summary><c>/operators</c>: manages the operators and their roles.</summary>
internal sealed class OperatorRoutes(
    ControlChanges changes, OperatorStore operators, OperatorUses uses, SessionStore sessions,
    AccountRemoval removal, Invitations invitations, ProcessClock clock) : IAdminRoutes
{
    private const string Noun = "operator";
    private const int DisplayNameLengthMax = 128;
    private const int IdentityLengthMax = 512;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/operators", ListAsync).Requires(Permissions.Administer)
            .WithSummary("Lists the operators.").Produces<PageView<OperatorView>>();
        api.MapPost("/operators", (AdminCall call) => CreateAsync(call)).Requires(Permissions.Administer)
            .WithSummary("Creates an operator.").Takes(static () => OperatorJson.Default.OperatorInput)
            .Produces<OperatorView>(201)
            .WithQuery(AdminRoute.Reason);
        api.MapGet("/operators/{name}", ShowAsync).Requires(Permissions.Administer)
            .WithSummary("Shows an operator.").Produces<OperatorView>();
        api.MapPut("/operators/{name}", (AdminCall call) => ChangeAsync(call, "replace", OperatorBody.ReplacementAsync))
            .Requires(Permissions.Administer)
            .WithSummary("Replaces an operator's configuration; an operator that is disabled stays disabled.")
            .Takes(static () => OperatorJson.Default.OperatorInput).Produces<OperatorView>().NeedsVersion();
        api.MapPatch("/operators/{name}", (AdminCall call) => ChangeAsync(call, "patch", OperatorBody.PatchedAsync))
            .Requires(Permissions.Administer)
            .WithSummary("Changes an operator's configuration by a JSON merge patch.")
            .Takes(static () => OperatorJson.Default.OperatorInput).Produces<OperatorView>().NeedsVersion();
        api.MapPost("/operators/{name}/disable", (AdminCall call) => SetAsync(call, true))
            .Requires(Permissions.Administer)
            .WithSummary("Disables an operator: its keys and sessions are refused until the operator is enabled.")
            .Produces<OperatorView>().WithQuery(AdminRoute.Reason);
        api.MapPost("/operators/{name}/enable", (AdminCall call) => SetAsync(call, false))
            .Requires(Permissions.Administer)
            .WithSummary("Enables an operator.").Produces<OperatorView>().WithQuery(AdminRoute.Reason);
        api.MapDelete("/operators/{name}", DeleteAsync).Requires(Permissions.Administer)
            .WithSummary("Removes an operator, with its keys.").Produces(204).NeedsVersion();
    }

    private Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        Pages.Cut(call.Request, operators.Current.Accounts.Values.Select(Live), static view => view.Name),
        OperatorJson.Default.PageViewOperatorView));

    private Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        Find(call) is { } account ? Shown(account) : NotFound(call));

    private async Task<AdminResponse> CreateAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(OperatorJson.Default.OperatorInput);
        return input is null ? unreadable! : await CreateAsync(call, input);
    }

    /// <summary>Creates an operator, with a random id unless one is given.</summary>
    public async Task<AdminResponse> CreateAsync(AdminCall call, OperatorInput input, string? id = null)
    {
        var name = input.Name ?? "";
        if (CheckNew(input) is { } invalid)
            return invalid;
        var account = new OperatorDocument
        {
            Id = id ?? NewId(),
            Created = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()),
            Roles = [],
        };
        var problem = await WriteAsync(call, "create", name, null, With(account, input));
        return problem is null
            ? Shown(operators.Current.Accounts[name]) with
            {
                Status = StatusCodes.Status201Created,
                Location = $"{AdminRoute.Root}/operators/{name}",
            }
            : problem.Status == StatusCodes.Status412PreconditionFailed ? Problems.Exists(Noun, name) : problem;
    }

    /// <summary>Returns the reason why an operator cannot be created; null if it can.</summary>
    public AdminResponse? CheckNew(OperatorInput input)
    {
        var name = input.Name ?? "";
        if (!EntityName.IsValid(name))
            return Problems.Invalid($"\"{name}\" is not a valid name for an operator; {EntityName.Rule}.");
        if (name == AdminCaller.BreakGlassName)
        {
            return Problems.Invalid(
                $"\"{name}\" is reserved: records use it for the administrator's key. Use the person's name.");
        }

        if (Check(input, null) is { } invalid)
            return invalid;
        if (operators.Current.Accounts.ContainsKey(name))
            return Problems.Exists(Noun, name);
        return operators.Current.Accounts.Count >= OperatorStore.AccountsMax
            ? Problems.Invalid($"There are {OperatorStore.AccountsMax} operators, the maximum; remove one first.")
            : null;
    }

    /// <summary>Returns an id for a new account.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    private async Task<AdminResponse> ChangeAsync(
        AdminCall call, string action,
        Func<AdminCall, OperatorAccount, ValueTask<(OperatorInput? Input, AdminResponse? Problem)>> read)
    {
        if (Find(call) is not { } old)
            return NotFound(call);
        if (ControlChanges.CheckVersion(call, old.Version) is { } stale)
            return stale;
        var (input, unreadable) = await read(call, old);
        if (input is null)
            return unreadable!;
        if (input.Name is not null && input.Name != old.Name)
            return Problems.Invalid(
                "An operator cannot be renamed, because records contain the name. Create a new operator instead.");
        if (Check(input, old) is { } invalid)
            return invalid;
        var replaced = await ReplaceAsync(
            call, action, old, With(old.Stored, input) with { Disabled = old.IsDisabled });
        // A password is often replaced because somebody else may know the old one, so all sessions are closed.
        if (input.Password is not null && replaced.Status == StatusCodes.Status200OK)
            await sessions.CloseAsync(SessionsOf(old));
        return replaced;
    }

    private async Task<AdminResponse> SetAsync(AdminCall call, bool disabled)
    {
        if (Find(call) is not { } old)
            return NotFound(call);
        // The request is unambiguous whatever else has changed, so it needs no version. It is idempotent.
        return old.IsDisabled == disabled
            ? Shown(old)
            : await ReplaceAsync(
                call, disabled ? "disable" : "enable", old, old.Stored with { Disabled = disabled });
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        if (Find(call) is not { } old)
            return NotFound(call);
        if (ControlChanges.CheckVersion(call, old.Version) is { } stale)
            return stale;
        if (await removal.KeepAdministratorAsync(old) is { } lockedOut)
            return lockedOut;
        var keys = operators.Current.KeysOf(old).ToList();
        var passkeys = operators.Current.Passkeys.GetValueOrDefault(old.Name);
        var browsers = SessionsOf(old).ToList();
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "remove", KeyOf(old.Name), old.Version, null, Json(View(old)), null));
        if (problem is not null)
            return problem;
        // The keys and sessions are no longer valid, even if this cleanup fails.
        await removal.DropKeysAsync(old.Name, keys, passkeys);
        await sessions.CloseAsync(browsers);
        await invitations.SweepAsync(CancellationToken.None);
        return AdminResponse.NoContent;
    }

    private IEnumerable<OperatorSession> SessionsOf(OperatorAccount account) =>
        operators.Current.Sessions.Values.Where(session => session.Owner.Id == account.Id);

    private async Task<AdminResponse> ReplaceAsync(
        AdminCall call, string action, OperatorAccount old, OperatorDocument next)
    {
        if (!OperatorAccount.IsSure(next, RoleSet.Parse(next.Roles)!)
            && await removal.KeepAdministratorAsync(old) is { } lockedOut)
            return lockedOut;
        if (await WriteAsync(call, action, old.Name, old, next) is { } problem)
            return problem;
        await invitations.SweepAsync(CancellationToken.None);
        return Shown(operators.Current.Accounts[old.Name]);
    }

    private async Task<AdminResponse?> WriteAsync(
        AdminCall call, string action, string name, OperatorAccount? old, OperatorDocument next)
    {
        var after = new OperatorView(
            name, next.DisplayName, next.Roles, Status(next.Disabled), next.PasswordHash is not null, next.Created)
        {
            Identity = IdentityView.Of(next.Identity),
            Password = next.PasswordHash == old?.PasswordHash ? null : "changed",
        };
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            action, KeyOf(name), old?.Version ?? 0,
            ControlJsonContext.Write(next, ControlJsonContext.Default.OperatorDocument),
            old is null ? null : Json(View(old)), Json(after)));
        return problem;
    }

    private AdminResponse? Check(OperatorInput input, OperatorAccount? old)
    {
        if (RoleSet.Parse(input.Roles) is null)
            return Problems.Invalid($"The roles are not valid: {RoleSet.Rule}; at most {RoleSet.Max}.");
        if (input.DisplayName is { } display
            && (display.Length > DisplayNameLengthMax || display.Any(char.IsControl)))
        {
            return Problems.Invalid(
                $"displayName may have at most {DisplayNameLengthMax} characters, and no control characters.");
        }

        if (old?.Identity is { HasClaimedRoles: true } && input.Identity is null
            && !RoleSet.Parse(input.Roles)!.Texts.Order().SequenceEqual(old.Roles.Texts.Order()))
        {
            return Problems.Invalid($"The provider of \"{old.Name}\" sets the roles at each sign-in. Change "
                + "them there, or also send \"identity\" to manage them here.");
        }

        if (input.Identity is { } identity && Linked(identity, old) is { } wrong)
            return Problems.Invalid(wrong);
        return input.Password is { } password && Passwords.Problem(password) is { } weak
            ? Problems.Invalid($"The password is not valid: {weak}.")
            : null;
    }

    /// <summary>Returns the reason why an account cannot be linked to this identity; null if it can.</summary>
    private string? Linked(IdentityView identity, OperatorAccount? old) =>
        identity.Issuer.Length is 0 or > IdentityLengthMax || identity.Subject.Length is 0 or > IdentityLengthMax
            ? $"identity must have an issuer and a subject of 1 to {IdentityLengthMax} characters each."
            : operators.Current.Of(identity.Issuer, identity.Subject)
                .FirstOrDefault(other => other.Name != old?.Name) is { } other
                    ? $"\"{other.Name}\" is already linked to that identity."
                    : null;

    private static OperatorDocument With(OperatorDocument document, OperatorInput input) => document with
    {
        DisplayName = input.DisplayName,
        Roles = RoleSet.Parse(input.Roles)!.Texts,
        Disabled = input.Disabled == true,
        PasswordHash = input.Password is { } password ? Passwords.Hash(password) : document.PasswordHash,
        Identity = input.Identity is { } identity
            ? new IdentityDocument { Issuer = identity.Issuer, Subject = identity.Subject }
            : document.Identity,
    };

    private OperatorAccount? Find(AdminCall call) => operators.Current.Accounts.GetValueOrDefault(call.Name);

    private AdminResponse NotFound(AdminCall call) =>
        Problems.NotFound(Noun, call.Name, operators.Current.Accounts.Keys);

    private AdminResponse Shown(OperatorAccount account) =>
        AdminResponse.Ok(Live(account), OperatorJson.Default.OperatorView, account.Version);

    private OperatorView Live(OperatorAccount account) =>
        View(account) with { LastUsed = uses.Of(account.Name, account.Created) };

    private static OperatorView View(OperatorAccount account) => new(
        account.Name, account.DisplayName, account.Roles.Texts, Status(account.IsDisabled),
        account.PasswordHash is not null, account.Created)
    {
        Identity = IdentityView.Of(account.Identity),
    };

    private static string Status(bool isDisabled) => isDisabled ? "disabled" : "active";

    private static ControlKey KeyOf(string name) => new(ControlKinds.Operators, name);

    private static byte[] Json(OperatorView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, OperatorJson.Default.OperatorView);
}
