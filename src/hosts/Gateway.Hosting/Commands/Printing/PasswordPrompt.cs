using System.Text;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>Asks for a password: at a terminal without showing it, else the first line of standard input.</summary>
internal static class PasswordPrompt
{
    /// <summary>Null where there is none; then it was said.</summary>
    /// <param name="prompt">What is asked for.</param>
    /// <param name="isNew">Whether a person is asked twice.</param>
    public static string? Ask(string prompt, bool isNew = false)
    {
        var password = Console.IsInputRedirected ? Console.In.ReadLine() : Read(prompt);
        if (string.IsNullOrEmpty(password))
        {
            Console.Error.WriteLine("No password was given: type it when asked, or send it as the first line.");
            return null;
        }

        if (!isNew || Console.IsInputRedirected || Read($"{prompt}, again") == password)
            return password;
        Console.Error.WriteLine("The two are not the same; nothing was changed.");
        return null;
    }

    private static string Read(string prompt)
    {
        Console.Error.Write($"{prompt}: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
