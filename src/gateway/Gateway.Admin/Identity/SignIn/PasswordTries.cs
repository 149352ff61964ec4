using System.Net;
using Gateway.Admin.Identity.Guessing;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Looks at passwords, unless too many were wrong, or too many wait.</summary>
public sealed class PasswordTries(PasswordCheck passwords, PasswordGuesses guesses)
{
    /// <summary>Looks at one.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    public async Task<PasswordTry> TryAsync(
        IPAddress from, string name, string password, CancellationToken cancellationToken)
    {
        var left = guesses.Left(from, name);
        if (left > TimeSpan.Zero)
            return new(null, left);
        var (isChecked, account) = await passwords.TryAsync(name, password, cancellationToken);
        if (!isChecked)
            return new(null, IsBusy: true);
        // Those that were compared side by side are counted one by one, and what comes too late was not looked at.
        var held = await guesses.TryAsync(from, name, account is not null);
        return held > TimeSpan.Zero ? new(null, held) : new(account);
    }
}
