namespace Gateway.TestHarness.Network;

/// <summary>One received mail.</summary>
/// <param name="Envelope">The client's commands before it.</param>
/// <param name="Text">Its headers and body as they were sent.</param>
public sealed record ReceivedMail(IReadOnlyList<string> Envelope, string Text)
{
    public string Headers => Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];

    /// <summary>The decoded body, as a person reads it.</summary>
    public string Body
    {
        get
        {
            var body = Text[(Headers.Length + 4)..];
            if (Headers.Contains("base64", StringComparison.OrdinalIgnoreCase))
                return Encoding.UTF8.GetString(Convert.FromBase64String(body));
            return body.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal)
                .Replace("=0D=0A", "\r\n", StringComparison.Ordinal);
        }
    }
}
