using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;

namespace Gateway.Admin.SignIn;

/// <summary>
/// The code that makes the first operator, once, within an hour, and only while there is none. It is offered to whoever
/// is shown a new administrator's key, which could make one too. Its hash lies in this process alone.
/// </summary>
internal sealed class FirstRun(OperatorStore operators, ProcessClock clock)
{
    private const long GoodForMs = 60 * 60 * 1000;
    private readonly Lock _gate = new();
    private TokenHash? _code;
    private long _endMs;

    /// <summary>A new code; null where there is an operator.</summary>
    public string? Offer()
    {
        if (operators.Current.Accounts.Count > 0)
            return null;
        var code = AdminKeys.NewToken("pgf_");
        lock (_gate)
            (_code, _endMs) = (TokenHash.Of(code), clock.NowMs() + GoodForMs);
        return code;
    }

    /// <summary>Takes the code, so that nobody else can; false where it is none, or no longer.</summary>
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

    /// <summary>Nothing came of it: it is good as long as before.</summary>
    public void GiveBack(string code)
    {
        lock (_gate)
            _code = TokenHash.Of(code);
    }
}
