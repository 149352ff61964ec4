using Gateway.Policy.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// The budget for evaluating the arguments or the URI of one call, in steps of about a tenth of a microsecond. All work
/// that grows with the size of the input or the number of rules is charged; a call that exceeds the budget is denied.
/// </summary>
internal sealed class WorkBudget
{
    /// <summary>Characters that are counted, compared or read as digits in one step.</summary>
    public const int CharactersPerStep = 16;

    /// <summary>
    /// Steps charged for keeping one match in a text. This also bounds the memory for matches: half a million under
    /// <see cref="PolicyBounds.ResultStepsMax"/>.
    /// </summary>
    public const int StepsPerFind = 16;

    private readonly int _max;
    private int _left;

    public WorkBudget(int max = PolicyBounds.EvaluationStepsMax) => _max = _left = max;

    /// <summary>Ends the work with an exception once its result is no longer needed.</summary>
    public CancellationToken Cancellation { private get; set; }

    /// <summary>The steps charged so far.</summary>
    public int Spent => _max - _left;

    /// <summary>True if the budget is used up; any result found since then is meaningless.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>
    /// The reason why required information is missing. The call is then neither allowed nor sent for approval.
    /// </summary>
    public string? Fault { get; private set; }

    /// <summary>Records that information required by a condition is missing.</summary>
    public void Fail(string why) => Fault ??= why;

    /// <summary>Charges steps; false if the budget is used up.</summary>
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

    /// <summary>Gives steps back, up to the maximum; a budget that was used up can then be spent again.</summary>
    public void Refill(long steps)
    {
        _left = (int)Math.Min(_max, _left + steps);
        IsExhausted = false;
    }

    /// <summary>Charges one read of every character.</summary>
    public bool SpendText(string text) => Spend(text.Length / CharactersPerStep);

    /// <summary>Charges steps of a pattern, each about as long as reading a character or two.</summary>
    public bool SpendPlaces(long steps) => Spend(1 + (steps / CharactersPerStep));

    /// <summary>
    /// Charges a read of a value and everything in it. A number whose exponent is too long to compare uses the budget
    /// up.
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
