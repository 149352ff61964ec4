using System.Globalization;
using Gateway.Admin.Answers;
using Gateway.Admin.Guessing;
using Gateway.Identity.Operators;
using Gateway.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.SignIn;

/// <summary>Looks at passwords, unless too many were wrong, or too many wait.</summary>
internal sealed class PasswordGate(PasswordCheck passwords, KeyGuesses guesses, OperatorStore operators)
{
    /// <summary>The account whose password it is, or what is answered.</summary>
    public async Task<(OperatorAccount? Account, AdminResponse? Refused)> CheckAsync(
        AdminCall call, string name, string password)
    {
        var isKnown = operators.Current.Accounts.ContainsKey(name);
        if (guesses.Left(call.Address, name, isKnown) is var before && before > TimeSpan.Zero)
            return (null, Held(call, before));
        var (isChecked, account) = await passwords.TryAsync(name, password, call.Aborted);
        if (!isChecked)
        {
            call.Http.Response.Headers.RetryAfter = "1";
            return (null, Problems.Of(StatusCodes.Status503ServiceUnavailable, "Too many at once",
                "Too many passwords wait to be compared; try again."));
        }

        // Those that were compared side by side are counted one by one, and what comes too late was not looked at.
        var held = guesses.Try(call.Address, name, isKnown, account is not null);
        if (held > TimeSpan.Zero)
            return (null, Held(call, held));
        return account is not null
            ? (account, null)
            : (null, Problems.Of(StatusCodes.Status401Unauthorized, "Not signed in",
                "The name or the password is wrong, or the account is disabled."));
    }

    private static AdminResponse Held(AdminCall call, TimeSpan held)
    {
        var seconds = ((long)Math.Ceiling(held.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        call.Http.Response.Headers.RetryAfter = seconds;
        return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many wrong passwords",
            $"Several were wrong for this name or from your address, so none is looked at for {seconds} s. A key "
            + "of yours works meanwhile, from another address.");
    }
}
