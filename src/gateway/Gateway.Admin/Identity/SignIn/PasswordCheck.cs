using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Compares passwords, a few at a time: each takes a tenth of a second of a processor, and a client that sends many
/// must not use all of them.
/// </summary>
public sealed class PasswordCheck(OperatorStore operators) : IDisposable
{
    // Includes those that are being compared; a further one is refused (503).
    private const int WaitingMax = 64;
    private const int AtOnceMax = 2;

    private readonly SemaphoreSlim _turns = new(AtOnceMax);
    private int _waiting;

    /// <summary>
    /// Returns the account if the password is right and the account is active. It takes the same work if there is no
    /// account.
    /// </summary>
    /// <returns>IsChecked: false if too many are waiting, so the password was not compared.</returns>
    public async Task<(bool IsChecked, OperatorAccount? Account)> TryAsync(
        string name, string password, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return (false, null);
        }

        try
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                var account = operators.Current.Accounts.GetValueOrDefault(name);
                var isRight = await Task.Run(() => Passwords.IsRight(account, password), cancellationToken);
                return (true, isRight && !account!.IsDisabled ? account : null);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
