namespace Proofsheet.AccountBff.SignIn;

internal static class LocalPath
{
    /// <summary>Reduces any input to a path of this site; browsers would treat // and /\ as another host.</summary>
    public static string Of(string? given) =>
        given is { Length: > 0 and < 2000 } && given[0] == '/' && (given.Length == 1 || given[1] is not ('/' or '\\')) && !given.Any(char.IsControl) ? given : "/";
}
