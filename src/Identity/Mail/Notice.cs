namespace Proofsheet.Identity.Mail;

/// <summary>Changes that an account's owner is told about, because an intruder would make them too. Names are stored: add, do not rename.</summary>
internal enum Notice
{
    PasswordChanged,
    PasswordReset,
    EmailChangeAsked,
    EmailChanged,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRemoved,
    LoginConnected,
    LoginDisconnected,
    AccountDeleted,
    SignInLocked,
}

internal static class NoticeTexts
{
    /// <summary>The mail's subject and its text.</summary>
    public static (string What, string Detail) Of(Notice notice) => notice switch
    {
        Notice.PasswordChanged => ("Your password was changed", "the password of your account was changed. Other sessions have ended."),
        Notice.PasswordReset => ("Your password was reset", "a new password was chosen with the link in an email to you. All sessions have ended."),
        Notice.EmailChangeAsked => ("Your e-mail address is to be changed", "someone who is signed in to your account asked to change it to another e-mail address. It changes when the new address is confirmed."),
        Notice.EmailChanged => ("Your e-mail address was changed", "your account was changed to another e-mail address, as was asked for. This one no longer works for it."),
        Notice.SecondFactorOn => ("Codes from an app are on", "signing in with your password now also takes a code from your authenticator app."),
        Notice.SecondFactorOff => ("Codes from an app are off", "signing in with your password no longer takes a code from an app."),
        Notice.RecoveryCodesMade => ("You have new recovery codes", "new recovery codes were made for your account, and the old ones no longer work."),
        Notice.RecoveryCodeUsed => ("A recovery code was used", "someone signed in to your account with a recovery code. It will not work again."),
        Notice.PasskeyAdded => ("A passkey was added", "a passkey was added to your account. Anyone who has it can sign in."),
        Notice.PasskeyRemoved => ("A passkey was removed", "a passkey was removed from your account. It can no longer sign in."),
        Notice.LoginConnected => ("Another way to sign in was connected", "an account elsewhere was connected to yours. Anyone who can use it can sign in."),
        Notice.LoginDisconnected => ("A way to sign in was disconnected", "an account elsewhere was disconnected from yours."),
        Notice.AccountDeleted => ("Your account was deleted", "your account was deleted, and everything that it held here with it."),
        Notice.SignInLocked => ("Your account rests for 15 minutes", "a wrong password or code was entered for your account several times in a row. Nobody can sign in with a password for 15 minutes."),
        _ => throw new ArgumentOutOfRangeException(nameof(notice), notice, null),
    };
}
