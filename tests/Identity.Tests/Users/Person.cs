using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Tests.Support;

namespace Proofsheet.Identity.Tests.Users;

/// <summary>A user with an account, and a browser that is signed in to it through the pages.</summary>
public sealed partial class Person(IdentityHost identity, string email, string password) : IDisposable
{
    public const string GoodPassword = "Quartz-Violin-42-meadow";
    private static int _number;

    public PageClient Browser { get; private set; } = new(identity);

    public string Email { get; set; } = email;

    public string Password { get; set; } = password;

    public string UserId { get; private set; } = "";

    /// <summary>An unused address.</summary>
    public static string NewEmail(string name = "anna") => string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref _number)}-{Guid.NewGuid():N}@example.com");

    /// <summary>Registers, opens the mail, confirms, and signs in: all over HTTP.</summary>
    public static async Task<Person> SignedInAsync(IdentityHost identity, string name = "Anna Example")
    {
        var person = new Person(identity, NewEmail(), GoodPassword);
        await person.RegisterAsync(name);
        var answer = await person.Browser.SubmitAsync($"/confirm?token={await identity.TokenOfMailAsync(person.Email, "/confirm")}", ("Password", person.Password));
        answer.Status.Should().Be(HttpStatusCode.SeeOther, answer.Text);
        person.Browser.Session.Should().NotBeNull();
        await using var database = identity.Database();
        person.UserId = await database.Db.Users.Where(u => u.Email == person.Email).Select(u => u.Id).SingleAsync();
        return person;
    }

    public async Task RegisterAsync(string name = "Anna Example")
    {
        var answer = await Browser.SubmitAsync("/register", ("DisplayName", name), ("Email", Email), ("Password", Password));
        answer.Status.Should().Be(HttpStatusCode.SeeOther, answer.Text);
        answer.Location.Should().Be("/register/sent");
    }

    /// <summary>The same user in another browser.</summary>
    public async Task<PageClient> AnotherBrowserAsync(string? userAgent = null)
    {
        var browser = userAgent is null ? new PageClient(identity) : new PageClient(identity) { UserAgent = userAgent };
        (await TryAsync(browser)).Should().BeTrue();
        return browser;
    }

    /// <summary>Signs in to a browser; false when it is refused.</summary>
    public async Task<bool> TryAsync(PageClient browser, string? password = null) =>
        (await browser.SubmitAsync("/sign-in?to=/account", ("Email", Email), ("Password", password ?? Password))).Status == HttpStatusCode.SeeOther;

    /// <summary>Signs in again in the signed-in browser, as changing credentials requires.</summary>
    public async Task<bool> AgainAsync() =>
        (await Browser.SubmitAsync("/sign-in?to=/account/email", ("Email", Email), ("Password", Password))).Status == HttpStatusCode.SeeOther;

    public void Dispose() => Browser.Dispose();
}

public static partial class Mailbox
{
    /// <summary>The token in the newest mail to an address that links to a page.</summary>
    public static async Task<string> TokenOfMailAsync(this IdentityHost identity, string email, string path, int count = 1)
    {
        var tokens = new List<string>();
        await IdentityHost.EventuallyAsync(
            () =>
            {
                tokens = [.. identity.MailsTo(email).Select(TextOf).SelectMany(m => Token().Matches(m)).Where(m => new Uri(m.Value).AbsolutePath == path).Select(m => m.Groups[1].Value).Distinct()];
                return Task.FromResult(tokens.Count >= count);
            },
            $"a mail to {email} with a link to {path}");
        return tokens[^1];
    }

    public static async Task<string> MailAsync(this IdentityHost identity, string email, string subject)
    {
        string? found = null;
        await IdentityHost.EventuallyAsync(
            () =>
            {
                found = identity.MailsTo(email).FirstOrDefault(m => m.Contains($"Subject: {subject}", StringComparison.Ordinal));
                return Task.FromResult(found is not null);
            },
            $"a mail to {email}: {subject}");
        return TextOf(found!);
    }

    /// <summary>The subjects of all mails to an address.</summary>
    public static IReadOnlyList<string> SubjectsTo(this IdentityHost identity, string email) =>
        [.. identity.MailsTo(email).Select(m => Subject().Match(m).Groups[1].Value.Trim())];

    /// <summary>The plain text of a mail from the folder.</summary>
    public static string TextOf(string mail)
    {
        var part = Regex.Split(mail, "--part-[0-9a-f]+").First(p => p.Contains("text/plain", StringComparison.Ordinal));
        var body = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return part.Contains("base64", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(body))
            : Encoding.UTF8.GetString([.. QuotedPrintable(body)]);
    }

    private static IEnumerable<byte> QuotedPrintable(string text)
    {
        text = text.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                yield return Convert.ToByte(text.Substring(i + 1, 2), 16);
                i += 2;
            }
            else
            {
                yield return (byte)text[i];
            }
        }
    }

    [GeneratedRegex(@"http://localhost:\d+/[a-z-]+\?token=([\w-]{43})")]
    private static partial Regex Token();

    [GeneratedRegex(@"^Subject: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Subject();
}
