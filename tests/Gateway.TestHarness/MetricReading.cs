using System.Diagnostics.Metrics;

namespace Gateway.TestHarness;

/// <summary>The present values of an observable instrument.</summary>
public static class MetricReading
{
    /// <summary>Returns each series with its labels and its value, both in alphabetical order.</summary>
    /// <param name="factory">The factory whose meters are read: others in the process may have the same names.</param>
    /// <param name="instrument">The instrument's name.</param>
    public static string[] Of(IMeterFactory factory, string instrument)
    {
        var lines = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Meter.Scope == factory && published.Name == instrument)
                    listener.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var labels = tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
            lines.Add($"{string.Join(',', labels)} {value}");
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
