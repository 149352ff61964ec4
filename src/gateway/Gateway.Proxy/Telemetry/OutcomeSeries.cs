using Gateway.Audit.Records;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Telemetry;

/// <summary>The series of one label value, by the outcome of the decision.</summary>
internal sealed class OutcomeSeries(string label)
{
    private static readonly string[] Names =
        ["allowed", .. Enum.GetValues<RefusalCategory>().Select(RefusalJson.Name)];

    private readonly MetricSeries?[] _series = new MetricSeries?[Names.Length];

    /// <summary>The names of all outcomes, which are values of another label.</summary>
    public static ReadOnlySpan<string> Outcomes => Names;

    /// <summary>The label's value.</summary>
    public string Label => label;

    /// <summary>The slot for the series of an outcome.</summary>
    public ref MetricSeries? this[int outcome] => ref _series[outcome];

    /// <summary>Returns the index of an outcome; null stands for an allowed message.</summary>
    public static int IndexOf(RefusalCategory? refusal) => refusal is { } category ? 1 + (int)category : 0;
}
