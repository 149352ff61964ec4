using System.Net;
using Gateway.Identity.Guessing;
using Gateway.Identity.Operators;

namespace Gateway.Identity.SignIn;

/// <summary>Looks at passwords, unless too many were wrong, or too many wait.</summary>
public sealed class PasswordTries(PasswordCheck passwords, KeyGuesses guesses, OperatorStore operators)
{
    /// <summary>Looks at one.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<PasswordTry> TryAsync(
        IPAddress from, string name, string password, CancellationToken cancellationToken)
    {
        var isKnown = operators.Current.Accounts.ContainsKey(name);
        if (guesses.Left(from, name, isKnown) is var before && before > TimeSpan.Zero)
            return new(null, before);
        var (isChecked, account) = await passwords.TryAsync(name, password, cancellationToken);
        if (!isChecked)
            return new(null, IsBusy: true);
        // Those that were compared side by side are counted one by one, and what comes too late was not looked at.
        var held = guesses.Try(from, name, isKnown, account is not null);
        return held > TimeSpan.Zero ? new(null, held) : new(account);
    }
}
