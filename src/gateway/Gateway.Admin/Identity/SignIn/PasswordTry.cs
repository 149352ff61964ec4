using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>What came of a password.</summary>
/// <param name="Account">Whose it is; null where it is wrong, or was not looked at.</param>
/// <param name="Held">How long none is looked at.</param>
/// <param name="IsBusy">Whether too many wait.</param>
public readonly record struct PasswordTry(OperatorAccount? Account, TimeSpan Held = default, bool IsBusy = false);
