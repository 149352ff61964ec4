using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;

namespace Gateway.Admin.SignIn;

/// <summary>
/// The code that creates the first operator, once, within an hour, and only while there is none. It is offered together
/// with a new administrator's key, which could create one too. Its hash exists only in this process.
/// </summary>
internal sealed class FirstRun(OperatorStore operators, ProcessClock clock)
{
    private const long GoodForMs = 60 * 60 * 1000;
    private readonly Lock _gate = new();
    private TokenHash? _code;
    private long _endMs;

    /// <summary>Returns a new code; null if there is an operator.</summary>
    public string? Offer()
    {
        if (operators.Current.Accounts.Count > 0)
            return null;
        var code = AdminKeys.NewToken("pgf_");
        lock (_gate)
            (_code, _endMs) = (TokenHash.Of(code), clock.NowMs() + GoodForMs);
        return code;
    }

    /// <summary>Takes the code, so that nobody else can use it. Returns false if it is wrong or has expired.</summary>
    public bool TryTake(string code)
    {
        lock (_gate)
        {
            if (_code != TokenHash.Of(code) || clock.NowMs() >= _endMs || operators.Current.Accounts.Count > 0)
                return false;
            _code = null;
            return true;
        }
    }

    /// <summary>
    /// Makes the code usable again after a failure, until its original expiry, unless a newer one was offered.
    /// </summary>
    public void GiveBack(string code)
    {
        lock (_gate)
            _code ??= TokenHash.Of(code);
    }
}
