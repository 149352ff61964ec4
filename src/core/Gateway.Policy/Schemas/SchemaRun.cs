using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas;

/// <summary>
/// One evaluation: its bounds, where it is, and the first failure. A schema can be written that takes exponential time
/// (references to references, twice each), so steps and depth are bounded and a value that exceeds them is refused.
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

    /// <summary>Whether the run has ended early, so that nothing is accepted.</summary>
    public bool IsExhausted => work.IsExhausted || InexactPlace is not null;

    /// <summary>A number that a keyword reads and that is not exact as a double; it ends the run.</summary>
    public string? InexactPlace { get; private set; }

    /// <summary>The parts of the value at hand that were evaluated; null where no keyword reads them.</summary>
    public EvaluatedParts? Evaluated { get; set; }

    /// <summary>Where and why the value was refused, for the agent: names of arguments, never their values.</summary>
    public string Failure => IsExhausted
        ? "the arguments are too large, deep or many to be checked"
        : _failure ?? "the arguments do not satisfy the schema";

    public bool TryEnter(int keywords) =>
        !IsExhausted && ++_depth <= DepthMax && work.Spend(1 + (keywords / KeywordsPerStep));

    public void Leave() => _depth--;

    public bool Exhaust() => work.Exhaust();

    /// <summary>
    /// Whether a keyword may compare the numbers of a value; false, which ends the run, where one is not exact.
    /// </summary>
    public bool IsExact(JsonNode value)
    {
        if (checksNumbers && InexactPlace is null && InexactNumber.FindIn(value, work) is { } place)
            InexactPlace = Place() + place;
        return !IsExhausted;
    }

    /// <summary>
    /// Reads a number; one whose exponent has too many digits ends the run, since nothing is known of it.
    /// </summary>
    public bool TryNumber(JsonNode value, out JsonDecimal number)
    {
        number = default;
        return IsExact(value) && work.SpendText(value.Text)
            && (JsonDecimal.TryParse(value.Text, out number) || Exhaust());
    }

    /// <summary>Records why the value at hand is refused, if that is the first reason; false, to be returned.</summary>
    public bool Note(string why)
    {
        if (_silence == 0)
            _failure ??= $"{Place()} {why}";
        return false;
    }

    public bool AcceptsMember(Schema schema, string name, JsonNode value) =>
        AcceptsChild(schema, value, name, index: 0);

    public bool AcceptsItem(Schema schema, int index, JsonNode value) => AcceptsChild(schema, value, name: null, index);

    /// <summary>Asks without recording a failure, for what may fail without the whole failing.</summary>
    public bool AcceptsSilently(Schema schema, JsonNode value)
    {
        _silence++;
        var accepted = schema.Accepts(value, this);
        _silence--;
        return accepted;
    }

    /// <summary>Does so for a part of the value at hand, or for a name.</summary>
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
