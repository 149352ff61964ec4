using System.Diagnostics.Tracing;

namespace Gateway.Faults.FailPoints;

/// <summary>
/// A listener that passes a fail point when a request has been written. The framework raises this event on the same
/// thread that then waits for the response, and the permit is spent just before the first byte of the content.
/// </summary>
internal sealed class SentWatch(FailPoint point) : EventListener
{
    private const string Source = "System.Net.Http";
    private const string Written = "RequestContentStop";

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source) EnableEvents(eventSource, EventLevel.Informational);
    }

    // The base class also calls this for the events of other listeners, and before the fields of this one are set.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is { EventName: Written, EventSource.Name: Source }) point?.Pass(Points.BeforeAnswer);
    }
}
