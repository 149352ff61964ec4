using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>The result of a password check.</summary>
/// <param name="Account">The account; null if the password is wrong, or was not checked.</param>
/// <param name="Held">The time for which no password is checked.</param>
/// <param name="IsBusy">True if too many requests are waiting.</param>
public readonly record struct PasswordTry(OperatorAccount? Account, TimeSpan Held = default, bool IsBusy = false);
