using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Compares passwords, a few at a time: each takes a tenth of a second of a processor, and whoever sends many must not
/// take all of them.
/// </summary>
public sealed class PasswordCheck(OperatorStore operators) : IDisposable
{
    // Those that are compared included; a further one is refused (503).
    private const int WaitingMax = 64;
    private const int AtOnceMax = 2;

    private readonly SemaphoreSlim _turns = new(AtOnceMax);
    private int _waiting;

    /// <summary>The account whose password it is, and that is not disabled; as much work where there is none.</summary>
    /// <returns>False where too many wait already, and it was not looked at.</returns>
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
