using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// One evaluation: its bounds, where it is, and the first failure. A schema can be written that takes exponential time
/// (references to references, twice each), so steps and depth are bounded and a value that exceeds them is refused.
/// </summary>
internal sealed class SchemaRun
{
    public const int StepsMax = 1_000_000;
    public const int DepthMax = 1_000;

    private readonly List<string> _path = [];
    private int _steps;
    private int _depth;
    private int _silence;
    private string? _failure;

    public bool IsExhausted { get; private set; }

    /// <summary>Where and why the value was refused, for the agent: names of arguments, never their values.</summary>
    public string Failure => IsExhausted
        ? "the arguments are too large, deep or many to be checked"
        : _failure ?? "the arguments do not satisfy the schema";

    public bool TryEnter() => !IsExhausted && ++_depth <= DepthMax && Spend(1);

    public void Leave() => _depth--;

    /// <summary>Counts work that no schema's own step counts; false where there is none left.</summary>
    public bool Spend(int steps)
    {
        _steps += Math.Min(steps, StepsMax);
        IsExhausted |= _steps > StepsMax;
        return !IsExhausted;
    }

    public bool Exhaust()
    {
        IsExhausted = true;
        return false;
    }

    /// <summary>
    /// Reads a number; one whose exponent has too many digits ends the run, since nothing is known of it.
    /// </summary>
    public bool TryNumber(JsonNode value, out JsonDecimal number) =>
        JsonDecimal.TryParse(value.Text, out number) || Exhaust();

    /// <summary>Records why the value at hand is refused, if that is the first reason; false, to be returned.</summary>
    public bool Note(string why)
    {
        if (_silence == 0)
            _failure ??= $"{Place()} {why}";
        return false;
    }

    public bool AcceptsMember(Schema schema, string name, JsonNode value) =>
        AcceptsChild(schema, value, JsonPointer.IsPlain(name) ? $".{name}" : $"[\"{name}\"]");

    public bool AcceptsItem(Schema schema, int index, JsonNode value) => AcceptsChild(schema, value, $"[{index}]");

    /// <summary>Asks without recording a failure, for what may fail without the whole failing.</summary>
    public bool AcceptsSilently(Schema schema, JsonNode value)
    {
        _silence++;
        var accepted = schema.Accepts(value, this);
        _silence--;
        return accepted;
    }

    private bool AcceptsChild(Schema schema, JsonNode value, string step)
    {
        _path.Add(step);
        var accepted = schema.Accepts(value, this);
        _path.RemoveAt(_path.Count - 1);
        return accepted;
    }

    private string Place()
    {
        var place = "args" + string.Concat(_path);
        return place.Length <= 200 ? place : $"{place[..197]}...";
    }
}
