using System.Net;
using Gateway.Acquire.Messages;
using Gateway.Admin.Identity.Guessing;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Gateway.Audit.Records;
using Gateway.Control.Updating;
using Gateway.Policy.Budgets;
using Microsoft.AspNetCore.Http;

namespace Gateway.Acquire.Serving;

/// <summary>
/// Authenticates services by an operator's key that may charge budgets. An administrator's key is refused, because a
/// service should not have a credential with further rights.
/// </summary>
internal sealed class ServiceAuthenticator(
    SnapshotUpdater control, CallerKeys keys, KeyGuesses guesses, OperatorUses uses)
{
    /// <summary>The current budgets.</summary>
    public IReadOnlyDictionary<string, Budget> Budgets => control.State.Objects.Budgets;

    private static AcquireProblem Unauthorized => AcquireProblem.Of(
        StatusCodes.Status401Unauthorized, "Not authorized",
        "Send \"Authorization: Bearer KEY\" with a key of an operator whose role is \"service\". The token of a grant "
        + "is not accepted here.");

    /// <summary>Returns the operator of the request's key, or the reason for refusing it.</summary>
    public (Actor? Service, AcquireProblem? Refused) Admit(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count == 0)
            return (null, Unauthorized);
        var caller = keys.Find(http.Request);
        var held = guesses.Try(http.Connection.RemoteIpAddress ?? IPAddress.None, caller is not null);
        if (held > TimeSpan.Zero)
        {
            return (null, AcquireProblem.Of(StatusCodes.Status429TooManyRequests, "Too many wrong keys",
                "Several wrong keys came from your address, so the gateway checks no keys from there for a while. Try "
                    + "again later.",
                (int)Math.Ceiling(held.TotalSeconds)));
        }

        if (caller is null)
            return (null, Unauthorized);
        if (caller.Roles.IsAdmin || !caller.Roles.Allows(Permissions.Charge, server: null))
        {
            return (null, AcquireProblem.Of(StatusCodes.Status403Forbidden, "Not a service's key",
                $"The key of {caller.Name} is not accepted here: only a key of an operator whose role is \"service\" "
                + "can charge budgets. Create such a key: gateway operator create NAME --role service, then gateway "
                + "key create KEY --operator NAME."));
        }

        uses.Saw(caller);
        return (caller.ActorOf(http), null);
    }
}
