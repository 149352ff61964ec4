using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.SignIn;

/// <summary>Checks passwords for the admin API, unless too many were wrong, or too many are waiting.</summary>
internal sealed class PasswordGate(PasswordTries passwords, SignInRecord record)
{
    /// <summary>Returns the account, or the response to a refused password.</summary>
    public async Task<(OperatorAccount? Account, AdminResponse? Refused)> CheckAsync(
        AdminCall call, string name, string password)
    {
        var tried = await passwords.TryAsync(call.Address, name, password, call.Aborted);
        if (tried.IsBusy)
        {
            call.Http.Response.Headers.RetryAfter = "1";
            return (null, Problems.Of(StatusCodes.Status503ServiceUnavailable, "Too many at once",
                "Too many passwords are waiting to be checked; try again."));
        }

        if (tried.Account is null)
            await record.RefusedAsync(call.Http, "sign-in", name);
        if (tried.Held > TimeSpan.Zero)
            return (null, Held(call, tried.Held));
        return tried.Account is { } account
            ? (account, null)
            : (null, Problems.Of(StatusCodes.Status401Unauthorized, "Not signed in",
                "The username or password is wrong, or the account is disabled."));
    }

    private static AdminResponse Held(AdminCall call, TimeSpan held) => Problems.TooMany(
        call.Http, held, "Too many wrong passwords",
        static seconds => "Several wrong passwords were entered for this name or from your address, so passwords "
            + $"are not accepted for {seconds} s. An API key still works.");
}
