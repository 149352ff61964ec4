using System.Net;
using Gateway.Admin.Identity.Guessing;
using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Checks passwords, unless too many were wrong, or too many are waiting.</summary>
public sealed class PasswordTries(PasswordCheck passwords, PasswordGuesses guesses)
{
    /// <summary>Checks one password.</summary>
    /// <param name="from">The address of the request.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
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
        // Concurrent comparisons are counted one by one; the outcome of one that is counted too late is not disclosed.
        var held = await guesses.TryAsync(from, name, account is not null);
        return held > TimeSpan.Zero ? new(null, held) : new(account);
    }
}

/// <summary>The result of a password check.</summary>
/// <param name="Account">The account; null if the password is wrong, or was not checked.</param>
/// <param name="Held">The time for which no password is checked.</param>
/// <param name="IsBusy">True if too many requests are waiting.</param>
public readonly record struct PasswordTry(OperatorAccount? Account, TimeSpan Held = default, bool IsBusy = false);
