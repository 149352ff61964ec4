using System.Diagnostics.Tracing;

namespace Gateway.Faults.FailPoints;

/// <summary>
/// Passes a fail point when a request has been written. The framework tells that on the very thread that goes on to
/// wait for the answer, and the permit is spent just before the first byte of the content.
/// </summary>
internal sealed class SentWatch(FailPoint point) : EventListener
{
    private const string Source = "System.Net.Http";
    private const string Written = "RequestContentStop";

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source) EnableEvents(eventSource, EventLevel.Informational);
    }

    // The base class calls this for what other listeners want too, and before this one's fields are set.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is { EventName: Written, EventSource.Name: Source }) point?.Pass(Points.BeforeAnswer);
    }
}
