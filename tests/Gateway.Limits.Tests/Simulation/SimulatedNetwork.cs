namespace Gateway.Limits.Tests.Simulation;

/// <summary>Messages on their way: any order, any delay, and with faults lost, repeated or given up on.</summary>
internal sealed class SimulatedNetwork(Choices choices, List<string> trace)
{
    private const int DrainMax = 5000;

    private readonly List<Message> _messages = [];

    public void Post(Message message) => _messages.Add(message);

    public void DeliverAny()
    {
        if (_messages.Count == 0) return;
        var message = choices.Of(_messages);
        if (message.IsHeld?.Invoke() == true) return;
        Deliver(message);
    }

    /// <summary>
    /// A message is lost, or repeated, or its sender stops waiting for it while it is still on its way.
    /// </summary>
    public void Disturb()
    {
        if (_messages.Count == 0) return;
        var message = choices.Of(_messages);
        if (!message.IsLossy) return;
        switch (choices.Next(3))
        {
            case 0:
                trace.Add($"lost: {message.Name}");
                _messages.Remove(message);
                message.TimeOut?.Invoke();
                break;
            case 1:
                trace.Add($"repeated: {message.Name}");
                message.IsRepeated = true;
                _messages.Add(message);
                break;
            default:
                if (message.TimeOut is null) return;
                trace.Add($"timed out: {message.Name}");
                message.TimeOut();
                break;
        }
    }

    /// <summary>Everything arrives, and whatever that sets off.</summary>
    public void Drain(SimulatedTime time)
    {
        for (var i = 0; _messages.Count > 0; i++)
        {
            if (i > DrainMax) throw new Violation($"messages never end: {_messages[0].Name}");
            var next = _messages.FindIndex(static message => message.Name != "wake");
            if (next < 0) time.PassTo(time.TrueMs + 100);
            Deliver(_messages[Math.Max(0, next)]);
        }
    }

    private void Deliver(Message message)
    {
        trace.Add(message.Name);
        _messages.Remove(message);
        message.Deliver(message);
    }
}
