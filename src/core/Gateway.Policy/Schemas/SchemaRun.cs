using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// One evaluation with its bounds, its position, and the first failure. A schema may take exponential time (references
/// to references, twice each), so steps and depth are bounded and a value that exceeds them is refused.
/// </summary>
internal sealed class SchemaRun(WorkBudget work, bool checksNumbers = false)
{
    public const int DepthMax = 1_000;
    private const int KeywordsPerStep = 8;

    private readonly List<(string? Name, int Index)> _path = [];
    private int _depth;
    private int _silence;
    private string? _failure;

    public WorkBudget Work => work;

    /// <summary>True if the run has ended early, so that nothing is accepted.</summary>
    public bool IsExhausted => work.IsExhausted || InexactPlace is not null;

    /// <summary>
    /// The location of a number that a keyword reads and that is not exact as a double; it ends the run.
    /// </summary>
    public string? InexactPlace { get; private set; }

    /// <summary>The evaluated parts of the current value; null if no keyword reads them.</summary>
    public EvaluatedParts? Evaluated { get; set; }

    /// <summary>
    /// The location and reason of the refusal, for the agent. It contains names of arguments, but not their values.
    /// </summary>
    public string Failure => IsExhausted
        ? "the arguments are too large, too deeply nested or too many to be checked"
        : _failure ?? "the arguments do not satisfy the schema";

    public bool TryEnter(int keywords) =>
        !IsExhausted && ++_depth <= DepthMax && work.Spend(1 + (keywords / KeywordsPerStep));

    public void Leave() => _depth--;

    public bool Exhaust() => work.Exhaust();

    /// <summary>
    /// Returns true if a keyword may compare the numbers of a value. False if one is not exact, which ends the run.
    /// </summary>
    public bool IsExact(JsonNode value)
    {
        if (checksNumbers && InexactPlace is null && InexactNumber.FindIn(value, work) is { } place)
            InexactPlace = Place() + place;
        return !IsExhausted;
    }

    /// <summary>
    /// Reads a number. One whose exponent has too many digits ends the run, since it cannot be compared.
    /// </summary>
    public bool TryNumber(JsonNode value, out JsonDecimal number)
    {
        number = default;
        return IsExact(value) && work.SpendText(value.Text)
            && (JsonDecimal.TryParse(value.Text, out number) || Exhaust());
    }

    /// <summary>Records the reason for refusing the current value, if it is the first one. Returns false.</summary>
    public bool Note(string why)
    {
        if (_silence == 0)
            _failure ??= $"{Place()} {why}";
        return false;
    }

    public bool AcceptsMember(Schema schema, string name, JsonNode value) =>
        AcceptsChild(schema, value, name, index: 0);

    public bool AcceptsItem(Schema schema, int index, JsonNode value) => AcceptsChild(schema, value, name: null, index);

    /// <summary>
    /// Evaluates a schema without recording a failure, for a part that may fail without failing the whole.
    /// </summary>
    public bool AcceptsSilently(Schema schema, JsonNode value)
    {
        _silence++;
        var accepted = schema.Accepts(value, this);
        _silence--;
        return accepted;
    }

    /// <summary>Evaluates a part of the current value, or a name, without recording a failure.</summary>
    public bool AcceptsPartSilently(Schema schema, JsonNode part)
    {
        var evaluated = Evaluated;
        Evaluated = null;
        var accepted = AcceptsSilently(schema, part);
        Evaluated = evaluated;
        return accepted;
    }

    private bool AcceptsChild(Schema schema, JsonNode value, string? name, int index)
    {
        var evaluated = Evaluated;
        Evaluated = null;
        _path.Add((name, index));
        var accepted = schema.Accepts(value, this);
        Evaluated = evaluated;
        _path.RemoveAt(_path.Count - 1);
        return accepted;
    }

    private string Place()
    {
        const int lengthMax = 200;
        var place = new StringBuilder("args");
        foreach (var (name, index) in _path)
        {
            place.Append(name is null ? InexactNumber.PlaceOf(index) : InexactNumber.PlaceOf(name));
            if (place.Length > lengthMax)
                return $"{place.ToString(0, lengthMax - 3)}...";
        }

        return place.ToString();
    }
}
