using Gateway.Policy.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// What it may cost to look at the arguments or the URI of one call, in steps of about a tenth of a microsecond.
/// Whatever takes longer with larger ones, or more rules over them, is charged; a call that is worth more is denied.
/// </summary>
internal sealed class WorkBudget
{
    /// <summary>Characters that are counted, compared or read as digits in one step.</summary>
    public const int CharactersPerStep = 16;

    /// <summary>
    /// Steps for keeping one find in a text. It also bounds the memory of finds: half a million under
    /// <see cref="PolicyBounds.ResultStepsMax"/>.
    /// </summary>
    public const int StepsPerFind = 16;

    private readonly int _max;
    private int _left;

    public WorkBudget(int max = PolicyBounds.JudgingStepsMax) => _max = _left = max;

    /// <summary>Ends the work with an exception once nobody waits for its result.</summary>
    public CancellationToken Cancellation { private get; set; }

    /// <summary>What was charged so far.</summary>
    public int Spent => _max - _left;

    /// <summary>Whether it is used up: nothing that was found since then means anything.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>What is not known though it would have to be; nothing is let through or asked about then.</summary>
    public string? Fault { get; private set; }

    /// <summary>Something that a condition needs is not known.</summary>
    public void Fail(string why) => Fault ??= why;

    /// <summary>False where there is none left.</summary>
    public bool Spend(long steps)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (!IsExhausted && steps <= _left)
        {
            _left -= (int)steps;
            return true;
        }

        IsExhausted = true;
        return false;
    }

    /// <summary>Gives steps back, up to the maximum; a budget that was used up can be spent again.</summary>
    public void Refill(long steps)
    {
        _left = (int)Math.Min(_max, _left + steps);
        IsExhausted = false;
    }

    /// <summary>Charges one look at every character.</summary>
    public bool SpendText(string text) => Spend(text.Length / CharactersPerStep);

    /// <summary>Charges steps of patterns, which are as short as a look at a character or two.</summary>
    public bool SpendPlaces(long steps) => Spend(1 + (steps / CharactersPerStep));

    /// <summary>
    /// Charges a look at a value and everything in it. A number of which too little is known to compare it uses the
    /// budget up.
    /// </summary>
    public bool SpendOn(JsonNode value)
    {
        if (!Spend(1 + (value.Text.Length / CharactersPerStep)))
            return false;
        if (value.Kind == JsonKind.Number && JsonDecimal.MayBeUnreadable(value.Text)
            && !JsonDecimal.TryParse(value.Text, out _))
        {
            return Exhaust();
        }

        foreach (var item in value.Items)
        {
            if (!SpendOn(item))
                return false;
        }

        foreach (var (name, _, member) in value.Members)
        {
            if (!Spend(1 + (name.Length / CharactersPerStep)) || !SpendOn(member))
                return false;
        }

        return true;
    }

    public bool Exhaust()
    {
        IsExhausted = true;
        return false;
    }
}
